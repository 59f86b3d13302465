export { TestAgent, type TestRequest, type TestResponse } from './agent.js';
export { describeProtected, type DescribeProtectedOptions } from './describe-protected.js';
export type { TestPerson } from './endpoints.js';
export { routesOf, type TestRoute } from './routes.js';
export {
  createTestIdentityProvider,
  TestIdentityProvider,
  type TestIdentityProviderOptions,
} from './test-identity-provider.js';
export type { AccessTokenOptions, BearerTokenOptions, Flaws } from './test-tokens.js';
export { VirtualClock } from './virtual-clock.js';
