// What `nest-gatehouse/edge` offers: access tokens verified where there is no Node server, with WebCrypto and `fetch`
// alone. Nothing in it, and nothing it imports, may need Node: `test/edge` looks.

export { AuthenticationError, type EdgeRefusal } from './refusal.js';
export {
  createTokenVerifier,
  type EdgeIssuer,
  type TokenVerifier,
  type TokenVerifierOptions,
} from './token-verifier.js';
export type { Fetch } from './outside.js';
export type { SigningAlgorithm } from '../protocol/signing-algorithm.js';
export type { AccessTokenProfile, AccessTokenProfileName } from '../protocol/access-token-profile.js';
export type { Principal } from '../protocol/principal.js';
