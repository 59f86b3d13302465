// What the flows of the peak hour take: arithmetic over what one of each costs.
import { costs, machines, population } from './assumptions.mjs';

const DAY = 86_400;
const value = (table) => Object.fromEntries(Object.entries(table).map(([name, one]) => [name, one.value]));
const of = value(population);
const cost = value(costs);
const machine = value(machines);

const active = of.people * of.dailyActive;
const atPeak = (perDay) => (active * perDay * of.peak) / DAY;

/** Per second, in the busiest hour. */
export const rates = {
  passwords: atPeak(of.passwordsPerDay),
  sso: atPeak(of.openingsPerDay),
  refreshes: atPeak(of.refreshesPerDay),
  services: of.processes / of.serviceTokenSeconds,
  polls: of.processes,
  revocations: atPeak(of.revocationsPerDay),
};
const processesPerClient = of.processes / of.clients;
export const deliveriesPerRevocation = of.clientsPerPerson * processesPerClient;
rates.deliveries = rates.revocations * deliveriesPerRevocation;

/** Cores that are busy at the peak, by what keeps them so: at the provider and in PostgreSQL. */
export const work = [
  ['sign-ins with a password', rates.passwords, cost.argon2 + cost.ssoProvider, cost.ssoDatabase],
  ['applications opened (SSO)', rates.sso, cost.ssoProvider, cost.ssoDatabase],
  ['refreshes', rates.refreshes, cost.refreshProvider, cost.refreshDatabase],
  ['tokens of services', rates.services, cost.servicesProvider, cost.servicesDatabase],
  ['empty polls of the feed', rates.polls, cost.poll, 0],
  ['events told and confirmed', rates.deliveries, cost.event, cost.acknowledgementDatabase],
].map(([name, perSecond, provider, database]) => ({
  name,
  perSecond,
  providerCores: (perSecond * provider) / 1e6,
  databaseCores: (perSecond * database) / 1e6,
}));

const sum = (field) => work.reduce((total, one) => total + one[field], 0);
export const busyCores = { provider: sum('providerCores'), database: sum('databaseCores') };
export const rented = {
  provider: Math.ceil(busyCores.provider / machine.busy),
  database: Math.ceil(busyCores.database / machine.busy),
};
export const commitsPerSecond = rates.passwords * 2 + rates.sso + rates.refreshes + rates.revocations;

const GB = 1e9;
const revocationsPerDay = active * of.revocationsPerDay;
/** Each code flow begins one; it is kept as long as its session, or for itself. */
const keptDays = (1 - cost.offline) * cost.sessionDays + cost.offline * cost.offlineDays;
/** GB in the database; rules are of one process. */
export const memory = {
  sessions: (active * of.passwordsPerDay * cost.sessionDays * cost.rowSession) / GB,
  authorizations: (active * of.openingsPerDay * keptDays * cost.rowAuthorization) / GB,
  acknowledgementRowsPerDay: revocationsPerDay * deliveriesPerRevocation,
  acknowledgements: (revocationsPerDay * deliveriesPerRevocation * cost.rowAcknowledgement) / GB,
  rulesPerProcess: (revocationsPerDay * cost.sessionDays * of.clientsPerPerson) / of.clients,
};
memory.ruleMegabytes = (memory.rulesPerProcess * cost.rule) / 1e6;
memory.storage = memory.sessions + memory.authorizations + memory.acknowledgements;

const databaseCopies = 1 + machine.replicas;
export const monthly = {
  provider: rented.provider * machine.corePrice * machine.hoursPerMonth,
  database: rented.database * databaseCopies * machine.corePrice * machine.hoursPerMonth,
  storage: memory.storage * databaseCopies * machine.storagePrice,
};
monthly.total = monthly.provider + monthly.database + monthly.storage;
monthly.perMillionPeople = monthly.total / (of.people / 1e6);
