import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { HttpExchange } from '../platform/http/exchange.js';
import { handshakeOf } from './incoming/handshakes.js';
import { Refusal } from './refusal.js';
import { answerSignInFailed } from './sign-in-failed.js';

/** A WebSocket, as far as it is told. */
interface Socket {
  send(message: string): void;
  close(code: number, reason: string): void;
}

/** RFC 6455 §7.4.2 leaves 4000 to 4999 to applications: the socket's credential is worth nothing any more. */
export const CREDENTIAL_ENDED = 4401;

/** Writes a {@link Refusal} as each context's clients expect it; the code is the same in all of them. */
@Catch(Refusal)
export class RefusalFilter implements ExceptionFilter<Refusal> {
  catch(refusal: Refusal, host: ArgumentsHost): Refusal | Observable<never> | undefined {
    switch (host.getType<string>()) {
      // GraphQL takes an Error that a resolver returns for one that it throws.
      case 'graphql':
        return refusal;
      case 'rpc':
        return throwError(() => ({ status: 'error', ...(refusal.getResponse() as object) }));
      case 'ws':
        return answerSocket(refusal, host.switchToWs().getClient<Socket>());
      default:
        return answerHttp(refusal, host);
    }
  }
}

function answerHttp(refusal: Refusal, host: ArgumentsHost): undefined {
  const http = host.switchToHttp();
  const exchange = HttpExchange.of(http.getRequest<object>(), http.getResponse<object>());
  const { status, location, retryUrl, code, message } = refusal.parts;
  if (location !== undefined) exchange.redirect(location);
  else if (retryUrl !== undefined) {
    answerSignInFailed(exchange, status, { code, message, retryUrl });
  } else exchange.json(status, refusal.getResponse());
}

/** The event `exception`, as Nest's own filter sends it. A socket that lost the credential it was opened with is closed. */
function answerSocket(refusal: Refusal, client: Socket): undefined {
  client.send(JSON.stringify({ event: 'exception', data: { status: 'error', ...(refusal.getResponse() as object) } }));
  const { status, code } = refusal.parts;
  const isOver = status === 401 && code !== 'insufficient_user_authentication';
  if (isOver && handshakeOf(client)?.isAuthenticated) client.close(CREDENTIAL_ENDED, code);
}
