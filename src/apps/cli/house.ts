import { speakAlso } from '../../platform/languages/languages.js';
import { readLanguages } from '../../platform/languages/read-languages.js';
import { mailLookOf } from '../../platform/branding/branding.js';
import { Audit } from '../../audit/audit.js';
import { AccessTokens } from '../../authorizations/access-tokens.js';
import { Authorizations } from '../../authorizations/authorizations.js';
import { Consents } from '../../authorizations/consents.js';
import { LogoutOutbox } from '../../authorizations/logout-outbox.js';
import { FactorReset } from '../../authorizations/factor-reset.js';
import { PersonAuthorizations } from '../../authorizations/person-authorizations.js';
import { PersonRemoval } from '../../authorizations/person-removal.js';
import { SessionEnds } from '../../authorizations/session-ends.js';
import { RevocationLog } from '../../authorizations/revocation-log.js';
import { ClientChanges } from '../../authorizations/client-changes.js';
import { Suspensions } from '../../authorizations/suspensions.js';
import { TokenPolicy } from '../../authorizations/token-policy.js';
import { Clients } from '../../clients/clients.js';
import { Resources } from '../../clients/resources.js';
import { SubjectIdentifiers } from '../../clients/subject-identifiers.js';
import { IdentityProviderSettings } from '../../identity-provider/identity-provider.options.js';
import { Readers } from '../../identity-provider/signals/readers.js';
import { Receipts } from '../../identity-provider/signals/receipts.js';
import { OneTimeTokens } from '../../interactions/one-time-tokens.js';
import { KeyRing } from '../../keys/key-ring.js';
import { type Clock, SystemClock } from '../../platform/clock.js';
import type { Database } from '../../platform/database/database.js';
import { explainDatabaseError } from '../../platform/database/database-error.js';
import { MailCarrier, Mails } from '../../platform/mail/mails.js';
import { Secrets } from '../../platform/secret.js';
import { PersonEnds } from '../../sessions/person-ends.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import { DeviceTrust } from '../../users/credentials/device-trust.js';
import { TotpCredentials } from '../../users/credentials/totp.js';
import { DatabaseUsers } from '../../users/database-users.js';
import { PasswordHasher } from '../../users/password-hasher.js';
import { UserImport } from '../../users/user-import.js';
import { PersonLanguages } from '../../users/person-languages.js';
import { NoticeSettings, SecurityNotices } from '../../users/security-notices.js';
import { identityProviderConfig } from '../identity-provider/config.js';
import { carrierOf } from '../identity-provider/mail-carrier.js';
import { openProviderDatabase } from '../identity-provider/provider-database.js';
import { databaseUrl } from '../support/database-url.js';
import { addKeptSecret, keptSecrets } from '../support/kept-secret.js';
import type { Closable } from '../support/run.js';
import type { Surroundings } from './answer.js';

/** The provider's rooms as a command finds them, on the database that the running provider uses. */
export interface House {
  database: Database;
  clients: Clients;
  resources: Resources;
  users: DatabaseUsers;
  userImport: UserImport;
  keys: KeyRing;
  totp: TotpCredentials;
  subjects: SubjectIdentifiers;
  suspensions: Suspensions;
  removal: PersonRemoval;
  factorReset: FactorReset;
  audit: Audit;
  changes: ClientChanges;
  outbox: LogoutOutbox;
  sessions: SignOnSessions;
  authorizations: Authorizations;
  accessTokens: AccessTokens;
  log: RevocationLog;
  receipts: Receipts;
  policy: TokenPolicy;
  clock: Clock;
  /** Where a person may be asked. */
  terminal: Surroundings;
  /**
   * What secrets the provider has. `kept` is the file of a demo's own; absent, they are in GATEHOUSE_SECRET.
   * `add` puts a fresh one before them, and answers the rooms that know it.
   */
  secrets: { count: number; kept?: { file: string; add(): Promise<House> } };
}

/** What the shell reports of a process that a signal ended. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Opens the database by the provider's own settings (the embedded one is attached to, or started), works, and closes it,
 * also on Ctrl-C.
 * @throws ConfigError, DatabaseError, StartError; KeyRingError when GATEHOUSE_SECRET does not fit the database.
 */
export async function inHouse<T>(at: Surroundings, work: (house: House) => Promise<T>): Promise<T> {
  const config = identityProviderConfig(at.env);
  const opened: Closable[] = [];
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll(opened));
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => {
    const listener = () => void close().finally(() => process.exit(code));
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  try {
    const url = await databaseUrl(config.databaseUrl, config.directory, (closable) => opened.unshift(closable));
    const database = await openProviderDatabase(url);
    opened.unshift({ close: () => database.onApplicationShutdown() });
    const clock = new SystemClock();
    // Somebody may be written to.
    if (config.branding.languages !== undefined) speakAlso(await readLanguages(config.branding.languages));
    const { issuer, lifetimes } = config;
    const policy = new TokenPolicy(new IdentityProviderSettings({ issuer, lifetimes: lifetimes.tokens }).tokenPolicy());
    const furnish = (list: string[]): House => {
      const secrets = new Secrets(list);
      const clients = new Clients(database, secrets, clock);
      const users = new DatabaseUsers(database, clock, new PasswordHasher());
      // No session is started here, so they need no limits.
      const sessions = new SignOnSessions(database, clock, { idleMilliseconds: 0, absoluteMilliseconds: 0 });
      const log = new RevocationLog(database, clock);
      const authorizations = new Authorizations(database, policy, clock, log);
      const outbox = new LogoutOutbox(database, clock);
      sessions.observe(new SessionEnds(sessions, authorizations, outbox));
      const audit = new Audit(database, clock);
      const ends = new PersonEnds(database, sessions);
      ends.observe(new PersonAuthorizations(ends, authorizations, new Consents(database, authorizations, clock)));
      // The provider that runs sends what is put in here.
      const carrier = new MailCarrier(config.mail && carrierOf(config.mail));
      const mails = new Mails(database, secrets, clock, carrier, mailLookOf(config.branding));
      const site = new NoticeSettings(new URL(issuer).origin, config.siteName);
      const notices = new SecurityNotices(mails, site, new PersonLanguages(audit));
      const tokens = new OneTimeTokens(database, secrets, clock);
      const kept = {
        file: `${config.directory}/secret`,
        add: async () => furnish(await addKeptSecret(config.directory, 'secret')),
      };
      const resources = new Resources(database, clock);
      const keys = new KeyRing(database, secrets, clock);
      return {
        database,
        clients,
        resources,
        users,
        userImport: new UserImport(database, users),
        keys,
        sessions,
        authorizations,
        accessTokens: new AccessTokens(keys, database, authorizations, users, policy, clock),
        log,
        receipts: new Receipts(database, log, new Readers(resources), clients, clock),
        totp: new TotpCredentials(database, secrets, clock),
        subjects: new SubjectIdentifiers(database, secrets),
        suspensions: new Suspensions(database, clients, users, sessions, authorizations, audit),
        removal: new PersonRemoval(users, ends, tokens, notices, audit),
        factorReset: new FactorReset(ends, new DeviceTrust(database, clock), tokens, notices, audit),
        audit,
        changes: new ClientChanges(database, clients, authorizations),
        outbox,
        policy,
        clock,
        terminal: at,
        secrets: { count: list.length, ...(config.secrets ? {} : { kept }) },
      };
    };
    const house = furnish(config.secrets ?? (await keptSecrets(config.directory, 'secret')));
    // Before anything is sealed: under a secret that the provider does not have, it would be lost.
    await house.keys.list();
    return await work(house).catch((error: unknown) => {
      throw isFromPostgres(error) ? explainDatabaseError(error, 'DATABASE_URL', url) : error;
    });
  } finally {
    await close();
    for (const forget of listeners) forget();
  }
}

async function closeAll(opened: Closable[]): Promise<void> {
  for (const closable of opened) await closable.close();
}

/** By the driver's SQLSTATE: for example a right that is missing on a table. */
function isFromPostgres(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && 'code' in error;
}
