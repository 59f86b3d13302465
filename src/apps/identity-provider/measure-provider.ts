import type { INestApplication, Type } from '@nestjs/common';
import { LogoutOutbox } from '../../authorizations/logout-outbox.js';
import { LogWatch } from '../../identity-provider/signals/log-watch.js';
import { KeyRing } from '../../keys/key-ring.js';
import type { Clock } from '../../platform/clock.js';
import type { Database } from '../../platform/database/database.js';
import { Mails } from '../../platform/mail/mails.js';
import type { Metrics } from '../../platform/metrics.js';
import { PasswordHasher } from '../../users/password-hasher.js';
import type { LoadShedding } from '../support/load-shedding.js';

/** What a provider can run out of, fall behind with, or forget to do. */
export function measureProvider(
  metrics: Metrics,
  {
    app,
    database,
    clock,
    shedding,
  }: { app: INestApplication; database: Database; clock: Clock; shedding: LoadShedding },
): void {
  const of = <T>(type: Type<T>): T => app.get(type, { strict: false });
  const [hasher, outbox, watch, keys, mails] = [
    of(PasswordHasher),
    of(LogoutOutbox),
    of(LogWatch),
    of(KeyRing),
    of(Mails),
  ];
  metrics.gauge('gatehouse_requests_at_work', 'Requests that are being answered', () => shedding.atWork);
  metrics.counter('gatehouse_requests_refused_total', 'Refused for overload (503)', () => shedding.refused);
  metrics.gauge('gatehouse_argon2_running', 'Passwords that are being hashed', () => hasher.load.running);
  metrics.gauge('gatehouse_argon2_waiting', 'Passwords that wait to be hashed', () => hasher.load.waiting);
  metrics.gauge('gatehouse_database_connections', 'Open connections to PostgreSQL', () => database.load.open);
  metrics.gauge('gatehouse_database_idle', 'Connections that nobody uses', () => database.load.idle);
  metrics.gauge('gatehouse_database_waiting', 'Statements that wait for a connection', () => database.load.waiting);
  const secondsSince = (moment: number, now: number) => Math.max(0, now - moment) / 1000;
  metrics.gauge(
    'gatehouse_revocation_log_age_seconds',
    'Since the revocation log was last read',
    () => (Number.isFinite(watch.readAt) ? secondsSince(watch.readAt, clock.monotonic()) : undefined),
    'max',
  );

  // What all processes read in one database.
  const backlog = async (isGivenUp: boolean) => (await outbox.backlog()).filter(({ givenUp }) => givenUp === isGivenUp);
  const count = (of: { count: number }[]) => of.reduce((sum, { count }) => sum + count, 0);
  metrics.gauge(
    'gatehouse_logout_outbox_waiting',
    'Applications that are still to be told of the end of a session, once for each session',
    async () => count(await backlog(false)),
    'max',
  );
  metrics.gauge(
    'gatehouse_logout_outbox_given_up',
    'Those that could not be told for a day',
    async () => count(await backlog(true)),
    'max',
  );
  metrics.gauge(
    'gatehouse_logout_outbox_oldest_seconds',
    'Age of the oldest of those that wait',
    async () => {
      const oldest = (await backlog(false)).map(({ oldest: at }) => secondsSince(at, clock.now()));
      return Math.max(0, ...oldest);
    },
    'max',
  );
  metrics.gauge('gatehouse_mail_outbox_waiting', 'Mails that are still to be sent', () => mails.waiting(), 'max');
  metrics.gauge(
    'gatehouse_signing_key_age_seconds',
    'Since the oldest of the active keys became active',
    async () => {
      const active = (await keys.list()).filter(({ state }) => state === 'active');
      return Math.max(
        0,
        ...active.map(({ activatedAt, createdAt }) => secondsSince(activatedAt ?? createdAt, clock.now())),
      );
    },
    'max',
  );
}
