import { Injectable } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import { Parameters } from '../../protocol/parameters.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { PushedRequests } from '../par/pushed-requests.js';
import { AnsweredRequests } from './answered-requests.js';
import { type ProvedRequest, RequestObjects } from './request-objects.js';
import { RequestUris } from './request-uris.js';

/** A request that may be answered once; `expiresAt` in seconds since the epoch. */
export interface Once {
  /** How it came. */
  parameter: 'request' | 'request_uri';
  name: string;
  expiresAt: number;
}

/** What of a request counts. */
export interface CountedParameters {
  parameters: Parameters;
  /** Why the request must not be acted on; where to say so stands in `parameters`. */
  problem?: OAuthError;
  once?: Once;
}

/**
 * Decides which parameters of an authorization request count when it brings a request object. Signed ones only, by the
 * policy `secure` and for a client that requires it (RFC 9101 §5 and §6.3); else those of the object go before those beside
 * it (OpenID Connect Core §6.1).
 */
@Injectable()
export class RequestParameters {
  constructor(
    private readonly objects: RequestObjects,
    private readonly uris: RequestUris,
    private readonly pushed: PushedRequests,
    private readonly answered: AnsweredRequests,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** What counts of a request that a browser brings; of one that was pushed, nothing that stands beside its name (RFC 9126 §4). */
  async count(sent: Parameters, client: Client): Promise<CountedParameters> {
    let counted: CountedParameters = { parameters: sent };
    try {
      counted = (await this.pushedBefore(sent, client)) ?? (await this.unfold(sent, client));
      if (counted.once) await this.answered.refuseAnswered(client.id, counted.once);
      return counted;
    } catch (problem) {
      if (!(problem instanceof OAuthError)) throw problem;
      return { ...counted, problem };
    }
  }

  /** What counts of a request that may hold a request object. Never throws an OAuthError: it is in the answer. */
  async unfold(sent: Parameters, client: Client): Promise<CountedParameters> {
    let object: string | undefined;
    try {
      object = await this.objectOf(sent, client);
      if (object === undefined) return { parameters: sent };
      const strict = this.countsSignedOnly(client);
      const proved = await this.objects.prove(object, client, strict);
      return strict ? signedOnly(sent, proved) : merged(sent, proved);
    } catch (problem) {
      if (!(problem instanceof OAuthError)) throw problem;
      // Whoever made the object may be told at the redirect URI that it names, if that is registered: as with plain parameters.
      return { parameters: this.objects.unprovedTarget(object ?? '').overlaidBy(sent), problem };
    }
  }

  private async pushedBefore(sent: Parameters, client: Client): Promise<CountedParameters | undefined> {
    const uri = sent.get('request_uri');
    if (uri === undefined || !this.pushed.isPushed(uri)) {
      if (!client.metadata.require_pushed_authorization_requests) return undefined;
      throw invalidRequest('this client must push its requests', 'request_uri');
    }
    const found = await this.pushed.find(uri, client.id);
    if (!found) {
      throw new OAuthError('invalid_request_uri', 'request_uri is unknown, expired, or another client’s', {
        parameter: 'request_uri',
      });
    }
    const once = { parameter: 'request_uri', name: uri, expiresAt: found.expiresAt } as const;
    return { parameters: found.parameters, once };
  }

  private countsSignedOnly({ metadata }: Client): boolean {
    return this.settings.policy === 'secure' || metadata.require_signed_request_object === true;
  }

  private async objectOf(sent: Parameters, client: Client): Promise<string | undefined> {
    const object = sent.get('request');
    const uri = sent.get('request_uri');
    if (object !== undefined && uri !== undefined) throw invalidRequest('request and request_uri exclude each other');
    if (uri !== undefined) return this.uris.fetch(uri, client);
    if (object === undefined && client.metadata.require_signed_request_object) {
      throw invalidRequest('this client must send a signed request object', 'request');
    }
    return object;
  }
}

function signedOnly(sent: Parameters, { parameters, jti, expiresAt }: ProvedRequest): CountedParameters {
  const problem = contradiction(sent, parameters, parameters.names);
  return {
    parameters,
    ...(problem ? { problem } : {}),
    ...(jti === undefined ? {} : { once: { parameter: 'request', name: jti, expiresAt: expiresAt! } as const }),
  };
}

function merged(sent: Parameters, { parameters }: ProvedRequest): CountedParameters {
  const problem = contradiction(sent, parameters, ['client_id', 'response_type']);
  return {
    parameters: sent.without('request', 'request_uri').overlaidBy(parameters),
    ...(problem ? { problem } : {}),
  };
}

/**
 * A parameter that says one thing beside the object and another in it: somebody between has a hand in it. `scope` may be
 * shorter, because OpenID Connect wants `openid` there whatever the object says (Core §6.1).
 */
function contradiction(sent: Parameters, signed: Parameters, names: readonly string[]): OAuthError | undefined {
  const name = names.find((one) => sent.has(one) && signed.has(one) && !agrees(one, sent.all(one), signed.all(one)));
  return name === undefined ? undefined : invalidRequest(`${name} differs from the one in the request object`, name);
}

function agrees(name: string, sent: readonly string[], signed: readonly string[]): boolean {
  if (name === 'scope') {
    const words = (texts: readonly string[]) => texts.flatMap((text) => text.split(' '));
    return words(sent).every((word) => words(signed).includes(word));
  }
  return sent.length === signed.length && sent.every((value, index) => value === signed[index]);
}
