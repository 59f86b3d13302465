// The little of a browser that signing in needs: cookies, redirects within one site, forms.

/** A browser for one site. `end` is where a redirect leaves it: the client's address, with the code. */
export class Browser {
  cookies = new Map();

  constructor(site) {
    this.site = site;
  }

  get cookieHeader() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Follows redirects until a page, or until one leads away; with `redirect: 'stay'`, none. */
  async open(url, { redirect = 'go', ...init } = {}) {
    const target = new URL(url, this.site);
    if (target.origin !== this.site) return { left: target };
    const answer = await fetch(target, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...init.headers, cookie: this.cookieHeader },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (redirect === 'stay') return { status: answer.status, page: await answer.text(), url: target };
    if (location) return this.open(new URL(location, target));
    return { page: await answer.text(), url: target, status: answer.status };
  }

  /** Sends the page's first form that is posted, with its hidden fields and `values`. */
  async submit({ page, url }, values, init = {}) {
    const [, action, body] = /<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/s.exec(page) ?? [];
    if (action === undefined) throw new Error(`no form at ${url}:\n${page.slice(0, 2000)}`);
    const fields = new URLSearchParams();
    for (const [input] of body.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const attribute = (name) => unescape(new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? '');
      fields.set(attribute('name'), attribute('value'));
    }
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    return this.open(new URL(unescape(action), url), {
      ...init,
      method: 'POST',
      body: fields,
      headers: { ...init.headers, origin: this.site },
    });
  }
}

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
