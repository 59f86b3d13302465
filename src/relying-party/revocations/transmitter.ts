import { z } from 'zod';
import { digest, matches } from '../../platform/secret.js';
import type { Outbound, OutboundResponse } from '../../platform/outbound.js';
import type { TokenVerifier } from '../../jwt/token-verifier.js';
import { parsePosition, type Position } from '../../protocol/position.js';
import { DELIVERY, type Rules, SUBSCRIBABLE_EVENTS } from '../../protocol/security-event.js';
import { basicAuthorization } from '../basic-authorization.js';
import { type Provider, ProviderUnavailableError } from '../../federation/provider-metadata.js';
import { isLoopback, type Settings } from '../relying-party.options.js';
import { rulesSchema } from './received-event.js';

/** A poll is answered after a second at the latest; this is for everything beyond that, in milliseconds. */
const POLL_PATIENCE = 5_000;
const MAX_ANSWER = 8 * 1024 * 1024;
/** A token is renewed when this much of its time is left, in milliseconds. */
const RENEW_BEFORE = 30_000;

const endpoint = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));

/** What we need of a transmitter's metadata: SSF 1.0 §7, and what our own provider adds. */
const metadataSchema = z.object({
  issuer: z.string(),
  configuration_endpoint: endpoint,
  verification_endpoint: endpoint.optional(),
  gatehouse: z.object({
    snapshot_endpoint: endpoint,
    receipt_endpoint: endpoint.optional(),
    retention_seconds: z.number().positive(),
    access_token_seconds: z.number().positive(),
  }),
});
export type TransmitterMetadata = z.infer<typeof metadataSchema>;

const streamSchema = z.object({
  stream_id: z.string().min(1),
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  delivery: z.object({ endpoint_url: endpoint }),
});

const pollSchema = z.object({
  sets: z.record(z.string(), z.string()),
  moreAvailable: z.boolean().optional(),
  /** A `highWaterMark` of a provider of ours: only looked at when the events are applied. */
  high_water_mark: z.unknown(),
});
export type PollAnswer = z.infer<typeof pollSchema>;

const receiptSchema = z.object({
  enforced: z.int().min(0),
  applications: z.int().min(0),
  milliseconds: z.number().min(0).optional(),
});
/** How many applications a sign-out concerns, how many of them confirm that they enforce it, and how long that took. */
export type SignOutReceipt = z.infer<typeof receiptSchema>;

const pageSchema = z.object({
  position: z.string(),
  cursor: z.string().min(1),
  page: z.int().min(1),
  last: z.int().min(0),
  digest: z.string(),
  next: z.string().optional(),
});

/** A page of a snapshot, proved. */
export interface SnapshotPage {
  position: Position;
  cursor: string;
  number: number;
  last: number;
  next: string | undefined;
  rules: Rules;
}

export interface FeedStream {
  id: string;
  url: string;
}

/** Where this process wants events pushed, and what it wants to see in `Authorization` with them. */
export interface PushAddress {
  url: string;
  authorization: string;
}

/** The provider has no such stream any more. */
export class StreamGoneError extends Error {
  override readonly name = 'StreamGoneError';
}

/** The provider's log does not go on from where we are: only a snapshot tells what is missing. */
export class CursorGoneError extends Error {
  override readonly name = 'CursorGoneError';
}

/** The provider does not let this application read the feed. */
export class FeedForbiddenError extends Error {
  override readonly name = 'FeedForbiddenError';
}

/** The provider's transmitter of revocations, as this application speaks to it. */
export class Transmitter {
  private token: { value: string; expiresAt: number } | undefined;

  private constructor(
    readonly metadata: TransmitterMetadata,
    private readonly settings: Settings,
    private readonly provider: Provider,
    private readonly outbound: Outbound,
    private readonly verifier: TokenVerifier,
  ) {}

  /**
   * Undefined: the provider answers, and has no feed of ours.
   * @throws ProviderUnavailableError when it gives no answer
   */
  static async discover(
    settings: Settings,
    { provider, outbound, verifier }: { provider: Provider; outbound: Outbound; verifier: TokenVerifier },
  ): Promise<Transmitter | undefined> {
    const { origin, pathname } = new URL(settings.issuer);
    const url = `${origin}/.well-known/ssf-configuration${pathname.replace(/\/$/, '')}`;
    const response = await outbound.fetch(url, { purpose: 'signals', trusted: true }).catch((cause) => {
      throw new ProviderUnavailableError('the transmitter’s metadata could not be had', { cause });
    });
    if (response.status >= 500) {
      throw new ProviderUnavailableError(`the transmitter’s metadata: answered ${response.status}`);
    }
    if (response.status !== 200) return undefined;
    const parsed = metadataSchema.safeParse(jsonOf(response));
    if (!parsed.success) return undefined;
    const { issuer, configuration_endpoint: streams, gatehouse } = parsed.data;
    const { snapshot_endpoint: snapshot, receipt_endpoint: receipt = snapshot } = gatehouse;
    // Of another issuer, or in the clear: nobody we could believe.
    if (issuer !== settings.issuer) return undefined;
    const isSafe = [streams, snapshot, receipt].every((one) => !one.startsWith('http:') || isLoopback(one));
    return isSafe ? new Transmitter(parsed.data, settings, provider, outbound, verifier) : undefined;
  }

  /**
   * Creates this process's stream, in place of one that a former process of this name left behind.
   * @throws FeedForbiddenError, ProviderUnavailableError
   */
  async createStream(instance: string, push?: PushAddress): Promise<FeedStream> {
    const create = () =>
      this.send('POST', this.metadata.configuration_endpoint, {
        delivery: push
          ? { method: DELIVERY.push, endpoint_url: push.url, authorization_header: push.authorization }
          : { method: DELIVERY.poll },
        events_requested: SUBSCRIBABLE_EVENTS,
        instance,
        signing_alg: 'ES256',
      });
    let response = await create();
    if (response.status === 409 && (await this.removeStreamOf(instance))) response = await create();
    if (response.status === 403) throw new FeedForbiddenError('the provider does not let this client have a stream');
    if (response.status !== 201) throw unexpected('a stream', response);
    const stream = streamSchema.parse(jsonOf(response));
    const isOurs = stream.iss === this.settings.issuer && [stream.aud].flat().includes(this.settings.clientId!);
    if (!isOurs) throw new ProviderUnavailableError('the stream is of another issuer, or for another client');
    return { id: stream.stream_id, url: stream.delivery.endpoint_url };
  }

  /** @throws StreamGoneError, CursorGoneError, ProviderUnavailableError */
  async poll(
    stream: FeedStream,
    request: {
      after: string;
      ack: string[];
      returnImmediately: boolean;
      setErrs?: Record<string, { err: string; description: string }>;
    },
  ): Promise<PollAnswer> {
    const response = await this.send('POST', stream.url, { ...request, maxEvents: 500 });
    if (response.status === 404) throw new StreamGoneError('the stream is gone');
    if (response.status === 410) throw new CursorGoneError('the log does not go on from there');
    if (response.status !== 200) throw unexpected('a poll', response);
    const parsed = pollSchema.safeParse(jsonOf(response));
    if (!parsed.success) throw new ProviderUnavailableError('the answer to a poll is not one');
    return parsed.data;
  }

  /** One page of the rules in force. @throws StreamGoneError, CursorGoneError, TokenError, ProviderUnavailableError */
  async snapshotPage(stream: FeedStream, seconds: number, page?: string): Promise<SnapshotPage> {
    const query = new URLSearchParams({ stream_id: stream.id, seconds: String(seconds), ...(page ? { page } : {}) });
    const response = await this.send('GET', `${this.metadata.gatehouse.snapshot_endpoint}?${query.toString()}`);
    if (response.status === 404) throw new StreamGoneError('the stream is gone');
    if (response.status === 410) throw new CursorGoneError('the snapshot is of a log that is gone');
    if (response.status !== 200) throw unexpected('a snapshot', response);
    const { body } = response;
    const end = body.indexOf('\n');
    const rules = body.subarray(end + 1);
    const claims = await this.verifier.verify(body.toString('latin1', 0, Math.max(end, 0)), {
      types: ['gatehouse-snapshot+jwt'],
      audience: this.settings.clientId!,
      subjectOptional: true,
      ignoreExpiry: true,
      timeless: true,
    });
    const proof = pageSchema.safeParse(claims);
    const position = proof.success ? parsePosition(proof.data.position) : undefined;
    if (!proof.success || !position || !matches(digest(rules).toString('base64url'), proof.data.digest)) {
      throw new ProviderUnavailableError('the snapshot is not the one that was signed');
    }
    const { cursor, page: number, last, next } = proof.data;
    return { position, cursor, number, last, next, rules: rulesSchema.parse(JSON.parse(rules.toString())) };
  }

  /** Asks for a verification event, which comes by the stream. */
  async verify(stream: FeedStream, state: string): Promise<void> {
    const { verification_endpoint: url } = this.metadata;
    if (!url) throw new ProviderUnavailableError('the transmitter has no verification endpoint');
    const response = await this.send('POST', url, { stream_id: stream.id, state });
    if (response.status === 404) throw new StreamGoneError('the stream is gone');
    if (response.status !== 204) throw unexpected('a verification', response);
  }

  /** Who enforces the end of a session. Undefined when the provider says nothing about it. */
  async receiptOf(sid: string): Promise<SignOutReceipt | undefined> {
    const { receipt_endpoint: url } = this.metadata.gatehouse;
    if (!url) return undefined;
    const response = await this.send('GET', `${url}?${new URLSearchParams({ sid }).toString()}`);
    return response.status === 200 ? receiptSchema.safeParse(jsonOf(response)).data : undefined;
  }

  async removeStream({ id }: FeedStream): Promise<void> {
    const query = new URLSearchParams({ stream_id: id });
    await this.send('DELETE', `${this.metadata.configuration_endpoint}?${query.toString()}`);
  }

  private async removeStreamOf(instance: string): Promise<boolean> {
    const response = await this.send('GET', this.metadata.configuration_endpoint);
    const streams = z.array(z.looseObject({ stream_id: z.string() })).safeParse(jsonOf(response));
    const former = streams.data?.find((stream) => stream['instance'] === instance);
    if (former) await this.removeStream({ id: former.stream_id, url: '' });
    return former !== undefined;
  }

  /** Sends with an access token of this application's own; a token that is refused is replaced, once. */
  private async send(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown): Promise<OutboundResponse> {
    for (let isSecond = false; ; isSecond = true) {
      const authorization = `Bearer ${await this.accessToken()}`;
      const response = await this.fetch(
        method,
        url,
        { authorization },
        body === undefined ? undefined : { json: body },
      );
      if (response.status !== 401 || isSecond) return response;
      this.token = undefined;
    }
  }

  private async accessToken(): Promise<string> {
    const { clock, clientId, clientSecret } = this.settings;
    if (this.token && this.token.expiresAt - RENEW_BEFORE > clock.monotonic()) return this.token.value;
    const { token_endpoint: url } = await this.provider.metadata();
    if (!url) throw new ProviderUnavailableError('the provider has no token endpoint');
    const asked = clock.monotonic();
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'ssf.read ssf.manage' }).toString();
    const response = await this.fetch(
      'POST',
      url,
      { authorization: basicAuthorization(clientId!, clientSecret!) },
      { form },
    );
    const answer = jsonOf(response) as { access_token?: unknown; expires_in?: unknown; error?: unknown } | undefined;
    if (response.status === 200 && typeof answer?.access_token === 'string' && typeof answer.expires_in === 'number') {
      this.token = {
        value: answer.access_token,
        expiresAt: asked + Math.max(answer.expires_in * 1000, 2 * RENEW_BEFORE),
      };
      return this.token.value;
    }
    if (response.status === 400 || response.status === 401) {
      const said = typeof answer?.error === 'string' && /^\w{1,40}$/.test(answer.error) ? answer.error : 'no reason';
      throw new FeedForbiddenError(`the provider gives this client no token for the feed: ${said}`);
    }
    throw unexpected('a token for the feed', response);
  }

  private fetch(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    headers: Record<string, string>,
    body?: { json: unknown } | { form: string },
  ): Promise<OutboundResponse> {
    const content =
      body === undefined
        ? {}
        : 'form' in body
          ? { type: 'application/x-www-form-urlencoded', text: body.form }
          : { type: 'application/json', text: JSON.stringify(body.json) };
    return this.outbound
      .fetch(url, {
        purpose: 'signals',
        trusted: true,
        method,
        headers: { ...headers, ...(content.type ? { 'content-type': content.type } : {}) },
        ...(content.text === undefined ? {} : { body: content.text }),
        timeoutMilliseconds: POLL_PATIENCE,
        maxBytes: MAX_ANSWER,
      })
      .catch((cause) => {
        throw new ProviderUnavailableError('the transmitter gave no answer', { cause });
      });
  }
}

function jsonOf(response: OutboundResponse): unknown {
  try {
    return JSON.parse(response.text());
  } catch {
    return undefined;
  }
}

function unexpected(what: string, { status }: OutboundResponse): ProviderUnavailableError {
  return new ProviderUnavailableError(`asked for ${what}, the transmitter answered ${status}`);
}
