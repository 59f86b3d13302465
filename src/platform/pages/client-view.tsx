import type { JSX } from 'preact';
import { Text } from './text.js';
import { Tile } from './tile.js';
import { linkUrl } from './web-url.js';
import { T, useWords } from './words.js';

/** What a page shows of a client: its registered metadata (RFC 7591 §2), which is text and URLs of strangers. */
export interface ClientView {
  name: string;
  logoUrl?: string;
  policyUrl?: string;
  termsUrl?: string;
  clientUrl?: string;
}

/** The client's name, isolated. */
export function ClientName({ client }: { client: ClientView }): JSX.Element {
  return <Text value={client.name} fallback={useWords().t('Unnamed application')} />;
}

/** The client as a person recognises it: logo or letter, name, and the site it says it is. */
export function ClientBadge({ client }: { client: ClientView }): JSX.Element {
  const site = linkUrl(client.clientUrl);
  return (
    <div class="row">
      <Tile name={client.name} image={client.logoUrl} />
      <div>
        <strong>
          <ClientName client={client} />
        </strong>
        {site && URL.canParse(site) && (
          <div class="small">
            <Outside href={site}>{new URL(site).host}</Outside>
          </div>
        )}
      </div>
    </div>
  );
}

/** The client's own rules, when it registered them; nothing otherwise. */
export function ClientLinks({ client }: { client: ClientView }): JSX.Element | null {
  const { t } = useWords();
  const policy = linkUrl(client.policyUrl);
  const terms = linkUrl(client.termsUrl);
  if (!policy && !terms) return null;
  return (
    <nav class="links" aria-label={t('About this application')}>
      {policy && <Outside href={policy}>{t('Privacy policy')}</Outside>}
      {terms && <Outside href={terms}>{t('Terms of service')}</Outside>}
    </nav>
  );
}

/** A link to a stranger's site: in a tab of its own, so that nobody loses a half-filled form, and without telling it where from. */
function Outside({ href, children }: { href: string; children: string }): JSX.Element {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <span class="sr">
        {' '}
        <T s="(opens in a new tab)" />
      </span>
    </a>
  );
}
