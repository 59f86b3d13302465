import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { House, JsonAnswer, TestClient } from '../support/house.js';

/** A SET as it was sent. */
export interface ReceivedSet {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** The one event's type and its members. */
  type: string;
  event: Record<string, unknown>;
}

/** A receiver of signals as the specifications make one: it knows nothing of our code. */
export class Receiver {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private token: string | undefined;

  constructor(
    private readonly house: House,
    readonly client: TestClient,
    /** Another process of the provider. */
    private readonly origin = house.issuer,
  ) {
    this.keys = createRemoteJWKSet(new URL(`${house.issuer}/jwks`));
  }

  /** An access token of the client's own. */
  async accessToken(scope = 'ssf.read ssf.manage'): Promise<string> {
    const { status, json } = await this.house.token(this.client, { grant_type: 'client_credentials', scope });
    if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(json)}`);
    return json['access_token'] as string;
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<JsonAnswer> {
    this.token ??= await this.accessToken();
    const response = await fetch(new URL(path, this.origin), {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const page = await response.text();
    let json: Record<string, unknown> = {};
    try {
      json = JSON.parse(page) as Record<string, unknown>;
    } catch {
      // Not every answer has a body.
    }
    return Object.assign(response, { page, json }) as unknown as JsonAnswer;
  }

  /** Creates a stream; its id. */
  async createStream(wish: Record<string, unknown> = {}): Promise<string> {
    const { status, json } = await this.send('POST', '/ssf/streams', wish);
    if (status !== 201) throw new Error(`no stream: ${status} ${JSON.stringify(json)}`);
    return json['stream_id'] as string;
  }

  poll(streamId: string, body: Record<string, unknown> = {}): Promise<JsonAnswer> {
    return this.send('POST', `/ssf/poll/${streamId}`, body);
  }

  /** The SETs there are now, verified. */
  async sets(streamId: string, body: Record<string, unknown> = {}): Promise<ReceivedSet[]> {
    const { status, json } = await this.poll(streamId, { returnImmediately: true, ...body });
    if (status !== 200) throw new Error(`no poll: ${status} ${JSON.stringify(json)}`);
    return Promise.all(Object.values(json['sets'] as Record<string, string>).map((set) => this.verify(set)));
  }

  async verify(set: string): Promise<ReceivedSet> {
    const { payload, protectedHeader } = await jwtVerify(set, this.keys, {
      issuer: this.house.issuer,
      audience: this.client.id,
      typ: 'secevent+jwt',
      currentDate: new Date(this.house.clock.now()),
    });
    const events = Object.entries(payload['events'] as Record<string, Record<string, unknown>>);
    if (events.length !== 1) throw new Error('a SET holds one event');
    const [type, event] = events[0]!;
    return { header: { ...protectedHeader }, claims: payload, type, event };
  }
}
