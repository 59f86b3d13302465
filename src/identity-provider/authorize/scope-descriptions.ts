/** What the consent page says about the standard scopes; a resource's scope speaks for itself. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  openid: 'Know who you are when you sign in',
  profile: 'See your profile: name, picture, birthday and the like',
  email: 'See your email address',
  address: 'See your postal address',
  phone: 'See your phone number',
  offline_access: 'Keep this access while you are away, until you take it back',
};

export function describeScopes(scopes: readonly string[]): { scope: string; description: string }[] {
  return scopes.map((scope) => ({
    scope,
    description: Object.hasOwn(DESCRIPTIONS, scope) ? DESCRIPTIONS[scope]! : `Use ${scope} for you`,
  }));
}
