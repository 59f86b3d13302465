import type { RelyingPartyOptions } from '../../src/relying-party/index.js';

/** Every option of `revocation`, each in order: a name that the type lacks does not compile. */
export const FIXED_OPTIONS: RelyingPartyOptions & {
  revocation: Required<NonNullable<RelyingPartyOptions['revocation']>>;
} = {
  issuer: 'https://id.example.com',
  clientId: 'shop',
  clientSecret: 'a secret of the shop',
  bearer: { audience: 'urn:shop' },
  revocation: {
    mode: 'feed',
    maxStaleness: '10s',
    onStale: 'refuse',
    maxRules: 1_000,
    instance: 'shop-1',
    pushUrl: 'https://shop.example.com/auth/signals',
    redis: 'redis://localhost/',
    versionClaim: 'token_version',
  },
};
