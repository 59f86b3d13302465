import { Visitor } from './visitor.js';

/** Tokens of the demo's clients and people, at a provider that runs. */
export class DemoTokens {
  constructor(private readonly issuer: string) {}

  /** Of a program, for itself. */
  async service(parameters: Record<string, string>): Promise<string> {
    const { access_token } = await this.ask(
      { grant_type: 'client_credentials', ...parameters },
      { authorization: `Basic ${btoa('demo-service:demo-service-secret')}` },
    );
    return access_token!;
  }

  /** Alice's, by the code flow of a client: `access_token`, `id_token` … */
  async ofAlice(redirectUri: string, clientId: string, secret?: string): Promise<Record<string, string>> {
    const visitor = new Visitor();
    visitor.stopAt = redirectUri;
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid orders:read orders:write',
      nonce: 'n-0S6_WzA2Mj',
      // RFC 7636, Appendix B.
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const form = await visitor.get(`${this.issuer}/authorize?${query}`);
    let answer = await visitor.submit(form, { username: 'alice', password: 'wonderland' });
    if (answer.body.includes('consent-allow')) answer = await visitor.submit(answer, { decision: 'allow' });
    const parameters = {
      grant_type: 'authorization_code',
      code: new URL(answer.url).searchParams.get('code')!,
      redirect_uri: redirectUri,
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      client_id: clientId,
    };
    return this.ask(parameters, secret ? { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` } : {});
  }

  private async ask(body: Record<string, string>, headers: Record<string, string>): Promise<Record<string, string>> {
    const response = await fetch(`${this.issuer}/token`, { method: 'POST', body: new URLSearchParams(body), headers });
    const answer = (await response.json()) as Record<string, string>;
    if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}
