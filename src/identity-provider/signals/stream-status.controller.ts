import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { z } from 'zod';
import { HttpExchange } from '../../platform/http/exchange.js';
import { queryParameters } from '../../platform/http/form.js';
import { jsonBody } from '../../platform/http/json-body.js';
import { allowMethods } from '../../platform/http/methods.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { EVENT_TYPES } from '../../protocol/security-event.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { LogWatch } from './log-watch.js';
import { Notices } from './notices.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { StreamRegistry } from './stream-registry.js';
import { type Stream, Streams } from './streams.js';

const body = z.object({
  status: z.enum(['enabled', 'paused', 'disabled'], 'must be enabled, paused or disabled'),
  reason: z.string().max(500).optional(),
});

/**
 * The status endpoint (SSF 1.0 §8.1.2). A paused stream keeps its place and goes on from it; a disabled one misses what
 * happens meanwhile, and what was asked for. Neither transmits anything, but that it is suspended now to whoever listens.
 */
@Controller({ path: 'ssf/status', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class StreamStatusController {
  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly registry: StreamRegistry,
    private readonly streams: Streams,
    private readonly notices: Notices,
    private readonly watch: LogWatch,
  ) {}

  @All()
  async status(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    if (exchange.method === 'GET') {
      const clientId = await this.receivers.authorize(exchange, 'ssf.read', 'ssf.manage');
      if (clientId === undefined) return;
      const id = queryParameters(exchange).require('stream_id');
      return exchange.json(200, describe(await this.registry.read(id, clientId)));
    }
    const clientId = await this.receivers.authorize(exchange, 'ssf.manage');
    if (clientId === undefined) return;
    const sent = jsonBody(exchange);
    const stream = await this.registry.read(sent['stream_id'], clientId);
    const parsed = body.safeParse(sent);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw invalidRequest(`${issue.path.join('.')}: ${issue.message}`);
    }
    const { status, reason } = parsed.data;
    await this.watch.read();
    const changed = await this.streams.setStatus(stream, status, reason, this.watch.head?.seq ?? stream.acknowledged);
    if (!changed) throw this.registry.unknown();
    this.registry.keep(changed);
    if (status !== stream.status) {
      // A disabled stream keeps nothing for later; of its statuses only the last is worth telling.
      const isOrWasDisabled = status === 'disabled' || stream.status === 'disabled';
      await this.notices.clear(stream.id, isOrWasDisabled ? undefined : EVENT_TYPES.streamUpdated);
      const members = { status, ...(reason === undefined ? {} : { reason }) };
      await this.notices.add(stream.id, EVENT_TYPES.streamUpdated, members);
      await this.registry.readNotices(stream.id);
    }
    this.watch.wake();
    exchange.json(200, describe(changed));
  }
}

function describe({ id, status, statusReason }: Stream): Record<string, unknown> {
  return { stream_id: id, status, ...(statusReason === undefined ? {} : { reason: statusReason }) };
}
