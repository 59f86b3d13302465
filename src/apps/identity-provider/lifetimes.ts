import { z } from 'zod';
import type { IdentityProviderOptions } from '../../identity-provider/identity-provider.options.js';
import type { LoginOptions } from '../../login/login.options.js';
import { type Duration, milliseconds } from '../../platform/duration.js';

/** A duration within bounds; the message says which. */
const between = (least: Duration, most: Duration) =>
  z.string().transform((text, context): Duration => {
    try {
      const value = milliseconds(text as Duration);
      if (value >= milliseconds(least) && value <= milliseconds(most)) return text as Duration;
    } catch {
      // It is said below.
    }
    context.addIssue({
      code: 'custom',
      message: `must be a duration such as 10s, 30m, 12h or 14d, from ${least} to ${most}`,
    });
    return z.NEVER;
  });

/** How long things last, by the names in the environment. What is not set is as the modules have it. */
export const lifetimeSettings = {
  GATEHOUSE_ACCESS_TOKEN_LIFETIME: between('1s', '24h').optional(),
  GATEHOUSE_ID_TOKEN_LIFETIME: between('1s', '24h').optional(),
  GATEHOUSE_CODE_LIFETIME: between('1s', '10m').optional(),
  GATEHOUSE_DEVICE_CODE_LIFETIME: between('1m', '30m').optional(),
  GATEHOUSE_REFRESH_IDLE: between('1m', '180d').optional(),
  GATEHOUSE_REFRESH_LIFETIME: between('1m', '180d').optional(),
  GATEHOUSE_REFRESH_GRACE: between('0s', '60s').optional(),
  GATEHOUSE_REVOCATION_RETENTION: between('1h', '180d').optional(),
  GATEHOUSE_SESSION_IDLE: between('1m', '180d').optional(),
  GATEHOUSE_SESSION_LIFETIME: between('1m', '180d').optional(),
  GATEHOUSE_KEY_ROTATION: between('1h', '180d').optional(),
};

type Settings = z.infer<z.ZodObject<typeof lifetimeSettings>>;

export interface Lifetimes {
  tokens: NonNullable<IdentityProviderOptions['lifetimes']>;
  session: NonNullable<LoginOptions['session']>;
  keyRotation?: Duration;
}

/** The settings as the modules take them. */
export function lifetimesOf(set: Settings): Lifetimes {
  return {
    tokens: present({
      accessToken: set.GATEHOUSE_ACCESS_TOKEN_LIFETIME,
      idToken: set.GATEHOUSE_ID_TOKEN_LIFETIME,
      code: set.GATEHOUSE_CODE_LIFETIME,
      deviceCode: set.GATEHOUSE_DEVICE_CODE_LIFETIME,
      refreshIdle: set.GATEHOUSE_REFRESH_IDLE,
      refreshAbsolute: set.GATEHOUSE_REFRESH_LIFETIME,
      refreshGrace: set.GATEHOUSE_REFRESH_GRACE,
      revocationRetention: set.GATEHOUSE_REVOCATION_RETENTION,
    }),
    session: present({ idle: set.GATEHOUSE_SESSION_IDLE, absolute: set.GATEHOUSE_SESSION_LIFETIME }),
    ...(set.GATEHOUSE_KEY_ROTATION === undefined ? {} : { keyRotation: set.GATEHOUSE_KEY_ROTATION }),
  };
}

function present(values: Record<string, Duration | undefined>): Record<string, Duration> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
