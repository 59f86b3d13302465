import { earliest } from '../../protocol/position.js';
import { Injectable } from '@nestjs/common';
import { type Authorization, newAuthorizationId } from '../../authorizations/authorization.js';
import { AuthorizationCodes, LONGEST_CODE } from '../../authorizations/authorization-code.js';
import { Authorizations } from '../../authorizations/authorizations.js';
import { TokenIssuer } from '../../authorizations/token-issuer.js';
import type { Client } from '../../clients/client.js';
import { tokenAcr } from '../../protocol/acr.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import { includesPart } from '../../protocol/response-type.js';
import type { Session } from '../../sessions/session.js';
import type { User } from '../../users/users.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { wishedAcrs } from './next-step.js';
import { RepeatedChallenges } from './repeated-challenges.js';

/** Whom an answer is about, and what they are signed in by. */
export interface Grantor {
  user: User;
  session: Session;
}

/** Makes what a successful authorization response holds: a code, tokens, or both, by the response type. */
@Injectable()
export class AuthorizationAnswers {
  constructor(
    private readonly codes: AuthorizationCodes,
    private readonly authorizations: Authorizations,
    private readonly tokens: TokenIssuer,
    private readonly repeatedChallenges: RepeatedChallenges,
  ) {}

  /** @throws OAuthError login_required when the session has ended meanwhile. */
  async make(request: AuthorizationRequest, client: Client, by: Grantor): Promise<Record<string, string>> {
    const { responseType } = request;
    const authorization = authorizationOf(request, by);
    const code = includesPart(responseType, 'code') ? this.lendCode(request, authorization) : undefined;
    // A code alone writes nothing: its redemption does.
    if (responseType === 'code') return { code: code! };
    const accessTokenSeconds = await this.tokens.lifetimeSeconds(request.scopes, request.resources);
    const codePending = code !== undefined;
    const position = await this.authorizations.begin(authorization, { accessTokenSeconds, codePending });
    if (position === undefined) {
      throw new OAuthError('login_required', 'the person has signed out');
    }
    const { expires_in: expiresIn, ...tokens } = await this.tokens.issueInFront({
      client,
      user: by.user,
      authorization,
      // The client was read before the person: whatever changed about them since ends these tokens.
      position: earliest([client.position, position])!,
      accessToken: includesPart(responseType, 'token'),
      idToken: includesPart(responseType, 'id_token'),
      ...(code === undefined ? {} : { code }),
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    });
    return {
      ...(code === undefined ? {} : { code }),
      ...tokens,
      ...(expiresIn === undefined ? {} : { expires_in: String(expiresIn) }),
    };
  }

  private lendCode(request: AuthorizationRequest, authorization: Authorization): string {
    if (request.codeChallenge !== undefined) this.repeatedChallenges.note(request.clientId, request.codeChallenge);
    const code = this.codes.lend({
      authorization,
      redirectUri: request.redirectUri,
      ...(request.codeChallenge === undefined ? {} : { codeChallenge: request.codeChallenge }),
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    });
    if (code.length > LONGEST_CODE) throw invalidRequest('nonce, claims and scope are together too long for a code');
    return code;
  }
}

function authorizationOf(request: AuthorizationRequest, { user, session }: Grantor): Authorization {
  return {
    id: newAuthorizationId(),
    clientId: request.clientId,
    subject: user.sub,
    scopes: request.scopes,
    resources: request.resources,
    ...(request.claims ? { claims: request.claims } : {}),
    sid: session.sid,
    offline: request.scopes.includes('offline_access'),
    authTime: Math.floor(session.authenticatedAt / 1000),
    acr: tokenAcr(session.amr, wishedAcrs(request).acrs),
    amr: session.amr,
  };
}
