import type { ExecutionContext } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { HttpIncoming } from './http.incoming.js';
import type { Incoming } from './incoming.js';

/** The request behind a call, or undefined for a kind of call that cannot be authenticated. */
export function incomingOf(context: ExecutionContext): Incoming | undefined {
  if (context.getType() !== 'http') return undefined;
  const http = context.switchToHttp();
  const request = http.getRequest<object>();
  return new HttpIncoming(request, HttpExchange.of(request, http.getResponse<object>()));
}

/** The {@link Incoming.carrier} of a call, without the rest. */
export function carrierOf(context: ExecutionContext): object | undefined {
  return context.getType() === 'http' ? context.switchToHttp().getRequest<object>() : undefined;
}
