import type { JSX } from 'preact';
import type { ClientLook } from '../branding/brand.js';
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
  /** Only of a client that an operator registered. */
  look?: ClientLook;
  /** The client registered itself: what it says of itself is a stranger's word. */
  stranger?: {
    /** Host that the answer goes to; left out where it goes to a program on the person's machine. */
    site?: string;
  };
}

/** The client's name, isolated. */
export function ClientName({ client }: { client: ClientView }): JSX.Element {
  return <Text value={client.name} fallback={useWords().t('Unnamed application')} />;
}

/**
 * The client as a person recognises it: logo or letter, name, and the site it says it is. Of one that registered itself the
 * site is where the answer goes, which it cannot make up, and the person is told what its name is worth.
 */
export function ClientBadge({ client }: { client: ClientView }): JSX.Element {
  const { stranger } = client;
  const site = stranger ? undefined : linkUrl(client.clientUrl);
  return (
    <>
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
          {stranger?.site !== undefined && (
            <div class="small">
              <Text value={stranger.site} longest={260} />
            </div>
          )}
        </div>
      </div>
      {stranger && (
        <p class="muted small" id="stranger">
          <T s="This application registered itself. Nobody here has checked who runs it." />
        </p>
      )}
    </>
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
