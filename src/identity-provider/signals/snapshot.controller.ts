import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { type LogHead, type Reader, RevocationLog, type RevocationLine } from '../../authorizations/revocation-log.js';
import { TokenSigner } from '../../jwt/token-signer.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable } from '../../platform/database/database.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import { digest, randomToken } from '../../platform/secret.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { writePosition } from '../../protocol/position.js';
import type { Rules } from '../../protocol/security-event.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { type Cursor, Cursors } from './cursors.js';
import { Readers } from './readers.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { SecurityEvents } from './security-events.js';
import { StreamRegistry } from './stream-registry.js';

/** Lines on one page. */
const PAGE = 5_000;

/**
 * The rules in force at one head of the log, in pages: what a receiver begins with, because a million single SETs would
 * take a minute to verify. A page is one JWS line, which holds the digest of the rest, and the rules as JSON. The first
 * page is of one REPEATABLE READ transaction together with the head; lines never change and are committed in their
 * order, so the next pages up to that head are of the same state.
 */
@Controller({ path: 'ssf/snapshot', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class SnapshotController {
  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly registry: StreamRegistry,
    private readonly log: RevocationLog,
    private readonly readers: Readers,
    private readonly events: SecurityEvents,
    private readonly cursors: Cursors,
    private readonly signer: TokenSigner,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {}

  /** `stream_id`; `seconds`: rules older than that concern nothing that the receiver believes; `page`: from the page before. */
  @All()
  async snapshot(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET');
    const clientId = await this.receivers.authorize(exchange, 'ssf.read', 'ssf.manage');
    if (clientId === undefined) return;
    const query = queryParameters(exchange);
    const stream = await this.registry.require(query.require('stream_id'), clientId);
    const seconds = query.require('seconds');
    if (!/^\d{1,9}$/.test(seconds)) throw invalidRequest('seconds: must be a whole number', 'seconds');
    const since = this.clock.now() - Number(seconds) * 1000;
    const reader = await this.readers.of(clientId);
    const page = pageOf(query.get('page'), (cursor) => this.cursors.read(cursor, clientId));
    const { head, lines, last } = await this.read(reader, page, since);
    if (page && (head.epoch !== page.head.epoch || head.seq < page.head.seq)) {
      exchange.json(410, {
        error: 'cursor_gone',
        error_description: 'the log is not the one that this page began with',
      });
      return;
    }
    const at = page?.head ?? head;
    const rules = Buffer.from(JSON.stringify(await this.rulesOf(lines, reader)));
    const cursor = this.cursors.write(at, clientId);
    const proof = await this.signer.sign(
      {
        iss: this.settings.issuer,
        aud: clientId,
        iat: this.clock.seconds(),
        jti: randomToken(16),
        position: writePosition(at),
        cursor,
        page: page?.number ?? 1,
        last,
        digest: digest(rules).toString('base64url'),
        ...(lines.length === PAGE ? { next: `${(page?.number ?? 1) + 1}~${lines.at(-1)!.seq}~${cursor}` } : {}),
      },
      'gatehouse-snapshot+jwt',
      stream.algorithm,
    );
    exchange.send(200, Buffer.concat([Buffer.from(`${proof}\n`), rules]), 'application/octet-stream');
  }

  private async read(reader: Reader, page: Page | undefined, since: number) {
    const find = async (head: LogHead, snapshot?: Queryable) => {
      const upTo = page?.head.seq ?? head.seq;
      const lines = await this.log.inForce(reader, { after: page?.after ?? 0, upTo, since, limit: PAGE }, snapshot);
      const last = page ? 0 : await this.log.lastFor(reader, upTo, snapshot);
      return { head, lines, last };
    };
    return page ? find(await this.log.head()) : this.log.inSnapshot(find);
  }

  private async rulesOf(lines: RevocationLine[], reader: Reader): Promise<Rules> {
    const all: Record<string, unknown[]> = {};
    // Together, so that what they ask of the database is asked once.
    const each = await Promise.all(lines.map((line) => this.events.rulesOf(line, reader)));
    for (const some of each) {
      for (const [kind, rules] of Object.entries(some)) {
        (all[kind] ??= []).push(...(rules as unknown[]));
      }
    }
    return all as Rules;
  }
}

interface Page {
  number: number;
  /** The last line of the page before. */
  after: number;
  /** What the first page began with. */
  head: Cursor;
}

/** @throws OAuthError invalid_request */
function pageOf(text: string | undefined, read: (cursor: string) => Cursor | undefined): Page | undefined {
  if (text === undefined) return undefined;
  const [number = '', after = '', cursor = '', ...more] = text.split('~');
  const head = read(cursor);
  if (!head || more.length > 0 || !/^\d{1,9}$/.test(number) || !/^\d{1,15}$/.test(after)) {
    throw invalidRequest('page: is not one that this receiver was told', 'page');
  }
  return { number: Number(number), after: Number(after), head };
}
