import { z } from 'zod';
import { issuerUrl } from './web-url.js';

const text = (longest: number) => z.string().min(1).max(longest);
const said = z.array(text(200)).min(1).max(20);

const schema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a short name of a-z, 0-9 and -'),
  name: text(60),
  issuer: issuerUrl,
  clientId: text(500),
  clientSecret: text(2000).optional(),
  scope: z
    .string()
    .regex(
      /^(?:[\x21\x23-\x5b\x5d-\x7e]+ )*openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
      'must be a scope with openid in it',
    )
    .optional(),
  secondFactor: z.strictObject({ amr: said.optional(), acr: said.optional() }).optional(),
  trustsEmail: z.boolean().optional(),
});

/** Another OpenID Provider that people may sign in with. */
export interface UpstreamOptions {
  /**
   * Names it in our addresses; `<issuer>/login/upstream/<id>/callback` is the redirect URI to register there. Links stay with
   * the issuer, so it may be changed.
   */
  id: string;
  /** As people know it: "Sign in with <name>". */
  name: string;
  /** Exactly as the provider writes it. */
  issuer: string;
  clientId: string;
  /** Absent: a public client. */
  clientSecret?: string | undefined;
  /** Default `openid profile email`. */
  scope?: string | undefined;
  /**
   * What it says in its ID tokens when it asked for two factors, and you believe it: one of these in `amr`, or one of these
   * as `acr`. Without it, it counts as one factor whatever it says.
   */
  secondFactor?: { amr?: string[] | undefined; acr?: string[] | undefined } | undefined;
  /** A new account takes the address over that this provider calls verified. Without it the account begins with none. */
  trustsEmail?: boolean | undefined;
}

/** A list of them, checked; two of one id or one issuer are none. */
export const upstreamList = z
  .array(schema)
  .max(20)
  .superRefine((list, context) => {
    for (const name of ['id', 'issuer'] as const) {
      if (new Set(list.map((one) => one[name])).size < list.length) {
        context.addIssue({ code: 'custom', message: `two have the same ${name}` });
      }
    }
  });

/** The same as JSON text: a setting. */
export const upstreamJson = z.string().transform((value, context) => {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON array' });
    return z.NEVER;
  }
  const parsed = upstreamList.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const problem of problemsOf(parsed.error)) context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

/** What is wrong, each with the place; never a value. */
export function problemsOf({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')} ${message}` : message));
}

/** The providers that people may sign in with, checked. It is its own injection token. */
export class UpstreamSettings {
  readonly list: readonly UpstreamOptions[];

  /**
   * @param origin where we are: the redirect URIs begin with it.
   * @throws Error naming the option at fault.
   */
  constructor(
    readonly origin: string,
    list: readonly UpstreamOptions[] = [],
  ) {
    const parsed = upstreamList.safeParse(list);
    if (!parsed.success) throw new Error(`LoginModule: upstream: ${problemsOf(parsed.error).join('; ')}`);
    this.list = parsed.data;
  }
}
