import { type LookPolicy, lookPolicy } from '../../clients/client-policy.js';
import type { Client } from '../../clients/client.js';
import { Refusal } from './answer.js';

/** The options of `client look`. `false`: what there was is taken back. */
export interface ChosenLook {
  accent?: string | false;
  accentDark?: string;
  header?: boolean;
}

/** The look that a client has after this. @throws Refusal */
export function lookOf(options: ChosenLook, { id, policy }: Client): LookPolicy {
  if (policy.dynamic) {
    throw new Refusal(`The client '${id}' registered itself: it may change its name and its logo, so it has no look.`);
  }
  if (options.accent === undefined && options.accentDark === undefined && options.header === undefined) {
    throw new Refusal('Say what is to change: --accent, --accent-dark, --header, --no-accent or --no-header.');
  }
  const { accent, accentDark, header } = { ...policy.look, ...options };
  const parsed = lookPolicy.safeParse({
    ...(accent ? { accent } : {}),
    ...(accent === false || accentDark === undefined ? {} : { accentDark }),
    ...(header ? { header } : {}),
  });
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Refusal(
    path[0] === undefined ? '--accent-dark: needs --accent as well.' : `--${option(path[0])}: ${message}.`,
  );
}

/** For people. */
export function lookFact({ accent, accentDark, header }: LookPolicy): string | undefined {
  const parts = [
    accent && (accentDark ? `${accent}, on dark pages ${accentDark}` : accent),
    header && 'its name and logo over the page',
  ].filter((part) => part);
  return parts.length > 0 ? parts.join('; ') : undefined;
}

function option(member: PropertyKey): string {
  return member === 'accentDark' ? 'accent-dark' : String(member);
}
