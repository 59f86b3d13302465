import type { Clock } from '../../platform/clock.js';
import { isBefore, parsePosition, type Position } from '../../protocol/position.js';
import type { Rules } from '../../protocol/security-event.js';
import { type Before, TimedKeys, TimedRules } from './timed-rules.js';

/** By what a credential is known to the rules; what it does not say is undefined. */
export interface RevocationKeys {
  jti: string | undefined;
  sid: string | undefined;
  authorizationId: string | undefined;
  subject: string;
  clientId: string | undefined;
  /** Where the log stood when it was issued (the claim `rev`). */
  position: Position | undefined;
  /** Seconds since the epoch: stands in for the position of a credential that has none. */
  issuedAt: number | undefined;
}

/** Two clocks may be apart by so many seconds, and the wrong way: where only time is known, it errs to refusal. */
const CLOCKS_APART = 60;

/** How often what may leave is looked for at most, in milliseconds. */
const PRUNE_EVERY = 1_000;

/**
 * The revocations that a living credential could still be hit by: a few hash tables, asked with every request. An entry leaves
 * when nothing lives any more that it could be about; nothing else removes one, so no revocation is ever taken back. It
 * holds at most `maxRules`; when there are more it is full, and cannot vouch for anybody.
 */
export class RuleTable {
  private readonly tokens: TimedKeys;
  private readonly sessions: TimedKeys;
  private readonly authorizations: TimedKeys;
  private readonly subjects: TimedRules;
  private readonly clients: TimedRules;
  private readonly consents: TimedRules;
  private readonly claims: TimedRules;
  private readonly stale: TimedRules;
  private readonly all: readonly (TimedKeys | TimedRules)[];
  private added = 0;
  private overflowedAt: number | undefined;
  private prunedAt = -Infinity;
  private kept = 0;

  constructor(
    private readonly clock: Clock,
    private readonly maxRules: number,
  ) {
    const keys = () => new TimedKeys(clock);
    const rules = () => new TimedRules(clock);
    [this.tokens, this.sessions, this.authorizations] = [keys(), keys(), keys()];
    [this.subjects, this.clients, this.consents, this.claims, this.stale] = [
      rules(),
      rules(),
      rules(),
      rules(),
      rules(),
    ];
    const { tokens, sessions, authorizations, subjects, clients, consents, claims, stale } = this;
    this.all = [tokens, sessions, authorizations, subjects, clients, consents, claims, stale];
  }

  /** How long after a revocation the last credential that it is about may live. */
  get keptMilliseconds(): number {
    return this.kept;
  }

  /** Keeps rules for at least so long from now on, also those that are there. */
  keepFor(milliseconds: number): void {
    if (milliseconds <= this.kept) return;
    this.kept = milliseconds;
    for (const rules of this.all) rules.renew(milliseconds);
  }

  /** Another number after rules were added: what was not hit under one is not hit for as long as that is the number. */
  get edition(): number {
    return this.added;
  }

  get size(): number {
    let size = 0;
    for (const rules of this.all) size += rules.size;
    return size;
  }

  /** Rules had to be left out that a living credential may be hit by. */
  get isFull(): boolean {
    return this.overflowedAt !== undefined;
  }

  /** Adds rules to those that are there. */
  add(rules: Rules): void {
    this.added += 1;
    for (const jti of rules.tokens ?? []) this.addKey(this.tokens, jti);
    for (const sid of rules.sessions ?? []) this.addKey(this.sessions, sid);
    for (const id of rules.authorizations ?? []) this.addKey(this.authorizations, id);
    for (const [subject, before, at] of rules.subjects ?? []) this.addBefore(this.subjects, subject, before, at);
    for (const [client, before, at] of rules.clients ?? []) this.addBefore(this.clients, client, before, at);
    for (const [subject, client, before, at] of rules.consents ?? []) {
      this.addBefore(this.consents, pair(subject, client), before, at);
    }
    for (const [subject, before, at] of rules.claims ?? []) this.addBefore(this.claims, subject, before, at);
    for (const [id, before, at] of rules.stale ?? []) this.addBefore(this.stale, id, before, at);
  }

  /** Whether a rule hits this credential. */
  hits(keys: RevocationKeys): boolean {
    const { jti, sid, authorizationId, subject, clientId } = keys;
    if (jti !== undefined && this.tokens.has(jti)) return true;
    if (sid !== undefined && this.sessions.has(sid)) return true;
    if (authorizationId !== undefined) {
      if (this.authorizations.has(authorizationId)) return true;
      if (this.stale.size > 0 && covers(this.stale.get(authorizationId), keys)) return true;
    }
    if (this.subjects.size > 0 && covers(this.subjects.get(subject), keys)) return true;
    if (this.claims.size > 0 && covers(this.claims.get(subject), keys)) return true;
    if (clientId === undefined) return false;
    if (this.clients.size > 0 && covers(this.clients.get(clientId), keys)) return true;
    return this.consents.size > 0 && covers(this.consents.get(pair(subject, clientId)), keys);
  }

  /** Removes what nothing living can be hit by, once a second: of a great many some, and the others the next time. */
  prune(): void {
    const now = this.clock.monotonic();
    if (now - this.prunedAt < PRUNE_EVERY) return;
    this.prunedAt = now;
    for (const rules of this.all) rules.prune();
    const { overflowedAt } = this;
    // What was left out has outlived its use as well.
    if (overflowedAt !== undefined && now - overflowedAt > this.kept) this.overflowedAt = undefined;
  }

  private addKey(keys: TimedKeys, key: string): void {
    if (this.hasRoom()) keys.add(key, this.kept);
  }

  private addBefore(rules: TimedRules, key: string, before: string, at: number): void {
    const position = parsePosition(before);
    if (!position) throw new TypeError('a rule has no position');
    const known = rules.get(key);
    if (known && isBefore(position, known)) return;
    if (known || this.hasRoom()) rules.set(key, { ...position, at }, this.kept);
  }

  private hasRoom(): boolean {
    if (this.size < this.maxRules) return true;
    this.overflowedAt = this.clock.monotonic();
    return false;
  }
}

function covers(rule: Before | undefined, { position, issuedAt }: RevocationKeys): boolean {
  if (!rule) return false;
  if (position) return isBefore(position, rule);
  return issuedAt === undefined || issuedAt <= rule.at + CLOCKS_APART;
}

function pair(subject: string, clientId: string): string {
  return `${subject}\0${clientId}`;
}
