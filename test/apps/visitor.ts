import { request } from 'undici';

const FORM = 'application/x-www-form-urlencoded';

/** A page or answer, and where it was found after all redirects. */
export interface Visit {
  url: string;
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

/** As much of a browser as a sign-in needs: one jar of cookies per host (not per port, as in real ones), redirects, forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Redirects that lead here are not followed: the answer has this URL and an empty body. */
  stopAt: string | undefined;

  async get(url: string): Promise<Visit> {
    return this.follow(url);
  }

  /** Sends the page's form: its hidden fields and these. */
  async submit(page: Visit, fields: Record<string, string>): Promise<Visit> {
    const action = /<form method="post" action="([^"]+)"/.exec(page.body)?.[1];
    if (action === undefined) throw new Error(`no form at ${page.url}: ${page.body.slice(0, 500)}`);
    const hidden = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const body = new URLSearchParams([...hidden.map(([, name, value]) => [name!, value!]), ...Object.entries(fields)]);
    const url = new URL(action.replaceAll('&amp;', '&'), page.url);
    return this.follow(url.href, body.toString());
  }

  private async follow(start: string, form?: string): Promise<Visit> {
    let url = start;
    let body = form;
    for (let hop = 0; hop < 12; hop++) {
      // Not `fetch`, which insists on telling that it does not navigate.
      const answer = await request(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html',
          'sec-fetch-mode': 'navigate',
          cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': FORM, 'sec-fetch-site': 'same-origin' }),
        },
        ...(body === undefined ? {} : { body }),
      });
      for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) this.keep(cookie);
      const text = await answer.body.text();
      const { location } = answer.headers;
      if (typeof location !== 'string') return { url, status: answer.statusCode, body: text, headers: answer.headers };
      url = new URL(location, url).href;
      if (this.stopAt !== undefined && url.startsWith(this.stopAt)) {
        return { url, status: answer.statusCode, body: '', headers: answer.headers };
      }
      body = undefined;
    }
    throw new Error(`too many redirects from ${start}`);
  }

  private keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (/;\s*max-age=0/i.test(cookie)) this.cookies.delete(name!);
    else this.cookies.set(name!, value!);
  }
}
