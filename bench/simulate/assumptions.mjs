// What the simulation takes for given. Each value says where it comes from: `measured` names the command and its result in
// bench/results (what it was on the day that stands there, on a quiet machine of two cores);
// `assumed` says why. Nothing else in this directory holds a number about the world.

const measured = (value, unit, command, result) => ({
  value,
  unit,
  source: 'measured',
  why: `\`${command}\`: ${result}`,
});
const assumed = (value, unit, why) => ({ value, unit, source: 'assumed', why });

/** The day that the measured ones are of. */
export const MEASURED_ON = '2026-11-27';

export const population = {
  people: assumed(100_000_000, '', 'the size asked about'),
  processes: assumed(10_000, '', 'relying-party processes, each with a feed of its own: the size asked about'),
  clients: assumed(500, '', 'applications; so each runs 20 processes, four in each region'),
  dailyActive: assumed(0.3, 'of people', 'consumer services report 20 to 60 % of their monthly users each day'),
  peak: assumed(3, '× the mean', 'the busiest hour of a service that sleeps at night'),
  passwordsPerDay: assumed(0.5, 'per active person', 'a sign-on session lives for 24 h; half of them find a living one'),
  openingsPerDay: assumed(6, 'per active person', 'applications opened with a living session: one SSO flow each'),
  refreshesPerDay: assumed(12, 'per active person', 'an hour of use by access tokens of five minutes'),
  revocationsPerDay: assumed(0.31, 'per active person', 'three sign-outs in ten days; passwords, reuse and operators are a thirtieth of it'),
  serviceTokenSeconds: assumed(240, 's', 'each process asks for a token of its own before the one of five minutes ends'),
  clientsPerPerson: assumed(5, '', 'applications that a revocation concerns'),
}; // prettier-ignore

/** One way, in milliseconds, between five regions: about half of the round trips that cloud providers publish. */
const REGIONS = ['us-east', 'us-west', 'europe', 'asia', 'australia'];
const ONE_WAY = [
  [0.25, 31, 40, 82, 99],
  [31, 0.25, 68, 53, 70],
  [40, 68, 0.25, 105, 125],
  [82, 53, 105, 0.25, 52],
  [99, 70, 125, 52, 0.25],
];
export const network = {
  regions: assumed(REGIONS, '', 'five regions; the primary database is in the first'),
  oneWay: assumed(ONE_WAY, 'ms', 'half the round trips between regions that cloud providers publish; 0.5 ms there and back within one'),
  jitter: assumed(0.05, 'of the way', 'mean of an exponential'),
  lossFar: assumed(0.001, 'of messages', 'a message between regions that TCP must send again'),
  lossNear: assumed(0.00001, 'of messages', 'within a region'),
  retransmission: assumed(200, 'ms', 'the least that Linux waits before it sends again, beside the round trip (RFC 6298 with its minimum)'),
}; // prettier-ignore

export const costs = {
  ssoProvider: measured(847, 'µs', 'npm run bench:provider', 'sso-flow, CPU of the server'),
  ssoDatabase: measured(254, 'µs', 'npm run bench:provider', 'sso-flow, CPU of PostgreSQL'),
  refreshProvider: measured(381, 'µs', 'npm run bench:provider', 'refresh, CPU of the server'),
  refreshDatabase: measured(114, 'µs', 'npm run bench:provider', 'refresh, CPU of PostgreSQL'),
  servicesProvider: measured(197, 'µs', 'npm run bench:provider', 'client-credentials, CPU of the server'),
  servicesDatabase: measured(18, 'µs', 'npm run bench:provider', 'client-credentials, CPU of PostgreSQL'),
  rule: measured(81.3, 'bytes', 'npm run bench:revocation', 'revocation-rules-memory, MB for a million'),
  processMemory: measured(120.3, 'MB', 'npm run bench:footprint', 'idle resident memory of a provider'),
  argon2: measured(8_400, 'µs', 'npm run bench:login', 'argon2id of 19 MiB, two passes'),
  poll: measured(135, 'µs', 'npm run bench:revocation', 'revocation-receivers-memory, CPU of the provider for each empty poll of 1,000 receivers'),
  event: measured(155, 'µs', 'npm run bench:revocation', 'revocation-receivers-memory, CPU of the provider for each event that is told to a receiver and confirmed by it'),
  apply: measured(1_433, 'µs', 'npm run bench:revocation', 'revocation-p50, CPU of an application for an event that comes alone, with its next poll'),
  lockTimeout: { value: 2_000, unit: 'ms', source: 'ours', why: 'the lock_timeout of `revocation_append`: whoever waits longer is refused, and asked to try again' },
  commit: assumed(0.5, 'ms', 'a durable commit on the SSDs that cloud providers rent'),
  acknowledgementDatabase: measured(44, 'µs', 'npm run bench:revocation', 'revocation-receivers-memory, CPU of PostgreSQL for each of those events'),
  rowSession: assumed(600, 'bytes', 'sign-on session with its indexes'),
  rowAuthorization: assumed(700, 'bytes', 'authorization and refresh token with their indexes'),
  rowAcknowledgement: assumed(120, 'bytes', 'with its index'),
  sessionDays: assumed(1, 'days', 'GATEHOUSE_SESSION_LIFETIME, 24 h'),
  offline: assumed(0.05, 'of authorizations', 'asked for with offline_access, so that they outlive their session'),
  offlineDays: assumed(30, 'days', 'those end when they rested for 14 days, and after 90'),
}; // prettier-ignore

export const machines = {
  busy: assumed(0.6, 'of a core', 'so much of it at the peak, to survive the loss of one zone of three'),
  receiversPerProcess: assumed(500, '', 'receivers that poll one process of the provider; a thousand are what `npm run bench:revocation receivers` tries'),
  corePrice: assumed(0.04, 'USD/h', 'about the list price of a general-purpose core on demand, with its memory'),
  storagePrice: assumed(0.12, 'USD/GB and month', 'about the list price of fast network storage'),
  replicas: assumed(2, '', 'of the primary, each as large: one synchronous, one to read from'),
  hoursPerMonth: assumed(730, 'h', 'a twelfth of a year'),
}; // prettier-ignore

/** What the discrete events are about: how long is watched, and from which seed. */
export const run = {
  seed: assumed(20_261_127, '', 'any other gives other last digits'),
  warmUp: assumed(1_000, 'ms', 'not counted'),
  watched: assumed(6_000, 'ms', 'at the peak'),
  burst: assumed(100_000, 'sessions', 'an operator ends the sessions of stolen passwords'),
  burstSeconds: assumed(60, 's', 'within this time, each in a transaction of its own, beside the usual peak'),
};
