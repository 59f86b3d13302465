/**
 * The paths that login, account and the identity provider serve, as Nest's route exclusions want them. The protocol fixes where they
 * are, so an application that has a global prefix or CSRF protection of its own leaves them out:
 * `app.setGlobalPrefix('api', { exclude: identityProviderRoutes })` and
 * `app.enableCsrfProtection({ exclude: identityProviderRoutes })`. They protect themselves.
 */
export const identityProviderRoutes: string[] = [
  '.well-known/openid-configuration',
  '.well-known/oauth-authorization-server',
  'jwks',
  'authorize',
  'authorize/resume',
  'login',
  'login/:method',
  'login/:method/:action',
  'account',
  'account/resume',
  'account/authenticator/new',
  'account/recovery-codes',
  'account/password',
  'account/passkey/new',
  'webauthn.js',
  'consent',
  'token',
  'device_authorization',
  'device',
  'device/confirm',
  'userinfo',
  'introspect',
  'revoke',
  'register',
  'register/:id',
  'logout',
  'logout/done',
  'clients/:id/logo',
  '.well-known/ssf-configuration',
  'ssf/streams',
  'ssf/status',
  'ssf/subjects/add',
  'ssf/subjects/remove',
  'ssf/verify',
  'ssf/poll/:id',
  'ssf/snapshot',
];
