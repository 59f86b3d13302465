/** Who acts for somebody, and for whom they acted in turn: the claim `act` (RFC 8693 §4.1). */
export interface Actor {
  sub: string;
  /** The client by which they act; for a program that acts itself, the same as `sub`. */
  client_id: string;
  act?: Actor;
}

/**
 * A token that another was made from. The other one dies with it, so it carries them all, in our own claim `parents`: the
 * nearest first.
 */
export interface ParentToken {
  jti: string;
  client_id: string;
  /** Absent for a program's own token. */
  authorization_id?: string;
  /** The session that it ends with. */
  sid?: string;
}

/** A longer chain of actors than this is a loop. */
export const MOST_ACTORS = 5;
/** More tokens behind one than this, too: each is looked at with every check. */
export const MOST_PARENTS = 10;

type Claims = Readonly<Record<string, unknown>>;

/** The tokens that one of ours was made from; empty for those that were not exchanged. */
export function parentsOf(claims: Claims): readonly ParentToken[] {
  const { parents } = claims;
  return Array.isArray(parents) ? parents.filter(isParent) : NONE;
}

/** A token as a parent of the next, followed by its own. */
export function lineage(claims: Claims): ParentToken[] {
  const { jti, client_id: clientId, authorization_id: authorizationId, sid } = claims;
  return [
    {
      jti: String(jti),
      client_id: String(clientId),
      ...(typeof authorizationId === 'string' ? { authorization_id: authorizationId } : {}),
      ...(typeof sid === 'string' ? { sid } : {}),
    },
    ...parentsOf(claims),
  ];
}

const NONE: readonly ParentToken[] = [];

/** Other providers may call something else by this name. */
function isParent(value: unknown): value is ParentToken {
  const { jti, client_id: clientId } = (value ?? {}) as Claims;
  return typeof jti === 'string' && typeof clientId === 'string';
}

/**
 * The claim `act` once `actor` acts for whom `earlier` acted: the new one outermost (§4.1). Who acts for the second time
 * in a row is named once.
 */
export function actingFor(actor: Omit<Actor, 'act'>, earlier: Actor | undefined): Actor {
  if (earlier?.sub === actor.sub && earlier.client_id === actor.client_id) return earlier;
  return { ...actor, ...(earlier ? { act: earlier } : {}) };
}

/** How many act one for the other. */
export function actorsIn(act: Actor | undefined): number {
  return act ? 1 + actorsIn(act.act) : 0;
}

/**
 * Whether the claim `may_act` of a token (§4.4) lets this party act: every member it names must be theirs. Without the claim
 * it says nothing about it.
 */
export function mayAct({ may_act: claim }: Claims, actor: Actor & { iss: string }): boolean {
  if (claim === undefined) return true;
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return false;
  const named = Object.entries(claim);
  return (
    named.length > 0 &&
    named.every(([name, value]) => Object.hasOwn(actor, name) && (actor as unknown as Claims)[name] === value)
  );
}
