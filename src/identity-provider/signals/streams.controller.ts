import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { queryParameters } from '../../platform/http/form.js';
import { jsonBody, jsonBodyIfAny } from '../../platform/http/json-body.js';
import { allowMethods } from '../../platform/http/methods.js';
import { Outbound, OutboundError } from '../../platform/outbound.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { LogWatch } from './log-watch.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { checkOurs, completeWish, describeStream, parseWish, replacement, update } from './stream-configuration.js';
import { StreamRegistry } from './stream-registry.js';
import { type Stream, Streams } from './streams.js';

/** A stream of one process of a receiver is removed when nothing was heard of it for so long. */
const INACTIVITY_SECONDS = 300;

/**
 * The configuration endpoint of event streams (SSF 1.0 §8.1.1): create 201, read, update and replace 200, delete 204. A
 * receiver has one stream, or one per process that names itself by `instance`; 409 for a second of the same.
 */
@Controller({ path: 'ssf/streams', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class StreamsController {
  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly streams: Streams,
    private readonly registry: StreamRegistry,
    private readonly watch: LogWatch,
    private readonly outbound: Outbound,
    private readonly settings: IdentityProviderSettings,
  ) {}

  @All()
  async configure(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST', 'PATCH', 'PUT', 'DELETE');
    const { method } = exchange;
    const clientId =
      method === 'GET'
        ? await this.receivers.authorize(exchange, 'ssf.read', 'ssf.manage')
        : await this.receivers.authorize(exchange, 'ssf.manage');
    if (clientId === undefined) return;
    switch (method) {
      case 'POST':
        return this.create(exchange, clientId);
      case 'GET':
        return this.read(exchange, clientId);
      case 'DELETE':
        return this.remove(exchange, clientId);
      default:
        return this.change(exchange, clientId);
    }
  }

  private async create(exchange: HttpExchange, clientId: string): Promise<void> {
    const sent = parseWish(jsonBodyIfAny(exchange));
    const wish = completeWish(sent);
    this.checkPush(wish.push);
    const { instance = '' } = sent;
    const start = (await this.currentHead()).seq;
    const about = { clientId, instance, start, ...(instance === '' ? {} : { inactivitySeconds: INACTIVITY_SECONDS }) };
    const created = await this.streams.create(about, wish);
    if (created === 'exists') {
      const whose = instance === '' ? 'this receiver' : 'this instance';
      throw new OAuthError('invalid_request', `there is a stream of ${whose} already; read or change it`, {
        status: 409,
      });
    }
    if (created === 'too many') throw new OAuthError('slow_down', 'this receiver has too many streams');
    this.registry.keep(created);
    exchange.json(201, describeStream(created, this.settings.issuer));
  }

  private async read(exchange: HttpExchange, clientId: string): Promise<void> {
    const id = queryParameters(exchange).get('stream_id');
    if (id === undefined) {
      const all = await this.streams.list(clientId);
      exchange.json(
        200,
        all.map((stream) => describeStream(stream, this.settings.issuer)),
      );
      return;
    }
    exchange.json(200, describeStream(await this.registry.read(id, clientId), this.settings.issuer));
  }

  private async change(exchange: HttpExchange, clientId: string): Promise<void> {
    const body = jsonBody(exchange);
    const stream = await this.registry.read(body['stream_id'], clientId);
    checkOurs(body, stream, this.settings.issuer);
    const sent = parseWish(body);
    const change = exchange.method === 'PATCH' ? update(sent) : replacement(sent);
    this.checkPush(change.push);
    const changed = await this.streams.change(stream, change);
    if (!changed) throw this.registry.unknown();
    this.registry.keep(changed);
    exchange.json(200, describeStream(changed, this.settings.issuer));
  }

  private async remove(exchange: HttpExchange, clientId: string): Promise<void> {
    const id = queryParameters(exchange).require('stream_id');
    const stream = await this.registry.read(id, clientId);
    const removed = await this.streams.remove(stream.id, clientId);
    this.registry.forget(stream.id);
    if (!removed) throw this.registry.unknown();
    exchange.send(204, '');
  }

  /** An address that we would never connect to is refused now; what its name leads to is judged with each push. */
  private checkPush(push: Stream['push']): void {
    if (!push) return;
    try {
      this.outbound.check(push.url, { purpose: 'push' });
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      throw invalidRequest(
        'delivery.endpoint_url: must be an https URL of an address that the whole Internet can reach',
      );
    }
  }

  private async currentHead() {
    await this.watch.read();
    const { head } = this.watch;
    if (!head)
      throw new OAuthError('temporarily_unavailable', 'the revocation log cannot be read', { retryAfterSeconds: 1 });
    return head;
  }
}
