/** The one screen that the demo prints once everything answers. */
export function screen(issuer: string, apps: { name: string; url: string }[]): string {
  const url = (name: string) => apps.find((app) => app.name === name)?.url ?? '';
  return `
  Gatehouse is open.

    provider  ${issuer}
    portal    ${url('portal')}   a site with a session of its own
    spa       ${url('portal')}/spa   a page of JavaScript, with that session behind it
    orders    ${url('orders')}   an API that takes access tokens
    desk      ${url('desk')}   takes both

  Sign in as   alice / wonderland   (or bob / builder)

  Try
    1. open ${url('portal')} and sign in: the provider asks once
    2. open ${url('desk')}: you are signed in already, and it shows orders
    3. sign out at the portal, then open desk again: it asks
    4. open ${issuer}/account and add a passkey or an authenticator app
    5. mails (a forgotten password, a new account) are at ${issuer}/outbox
    6. sign in on a screen without a keyboard: ${issuer}/tools/television
    7. a program without a person:
       curl -su demo-service:demo-service-secret -d grant_type=client_credentials ${issuer}/token
       curl -H "Authorization: Bearer <access_token>" ${url('orders')}/orders

  Stop with Ctrl-C.
`;
}
