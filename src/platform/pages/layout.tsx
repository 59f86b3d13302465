import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { BrandLogo } from '../branding/brand.js';
import { BrandContext } from './brand-context.js';
import { gatehouse, iconUrl, MarkImage } from './icon.js';
import { css, type Accent } from './theme.js';
import { LanguageContext, useWords } from './words.js';

/** What every document needs. */
export interface PageProps {
  /** Shown in the browser's tab. */
  title: string;
  accent?: Accent;
  /** URL of the icon in the browser's tab; the gatehouse when it is left out. */
  icon?: string;
  /** URLs of scripts, run when the page is there; the policy must name them. */
  scripts?: readonly string[];
  /** Goes on by itself, this many seconds after everything has loaded. The URL must be made by us or checked. */
  refresh?: { seconds: number; url: string };
  children: ComponentChildren;
}

/** A whole HTML document with the style sheet inlined. It loads nothing but the brand's files and, of itself, holds no script. */
export function Page({ title, accent = 'verdigris', icon, scripts = [], refresh, children }: PageProps): JSX.Element {
  const { tag, direction } = useContext(LanguageContext);
  const { colours, styleSheet, logo, client } = useContext(BrandContext);
  return (
    <html lang={tag} dir={direction} data-accent={accent} data-client={client}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        {refresh && <meta http-equiv="refresh" content={`${refresh.seconds};url=${refresh.url}`} />}
        <title>{title}</title>
        <link rel="icon" href={icon ?? logo?.url ?? iconUrl(gatehouse, '#2a8f7e')} />
        {/* Raw text: escaped, it would be other text than the one whose hash the policy names. */}
        <style dangerouslySetInnerHTML={{ __html: css }} />
        {colours !== undefined && <style dangerouslySetInnerHTML={{ __html: colours }} />}
        {styleSheet !== undefined && <link rel="stylesheet" href={styleSheet} />}
        {scripts.map((script) => (
          <script src={script} defer />
        ))}
      </head>
      <body>{children}</body>
    </html>
  );
}

/**
 * A page with one card standing in the gate: sign-in, consent, sign-out, errors. `brand` is the name over the card, if it is
 * not the one of the site.
 */
export function GatePage({ brand: ownName, title, children, ...page }: PageProps & { brand?: string }): JSX.Element {
  const { said } = useWords();
  const brand = useContext(BrandContext);
  const name = ownName ?? brand.name;
  const parts = [said(title.replace(/ · Gatehouse$/, '')), name].filter((part) => part !== '');
  return (
    <Page {...page} title={parts.join(' · ')}>
      <div class="wall">
        <div class="gate">
          <header class="brand">
            {brand.logo ? <Logo logo={brand.logo} /> : <MarkImage mark={gatehouse} />}
            <span class="site">{name}</span>
          </header>
          <main class="card stack">{children}</main>
        </div>
      </div>
    </Page>
  );
}

/** Decoration, since the name always stands beside it. */
function Logo({ logo: { url, darkUrl } }: { logo: BrandLogo }): JSX.Element {
  return (
    <picture>
      {darkUrl !== undefined && <source srcset={darkUrl} media="(prefers-color-scheme: dark)" />}
      <img src={url} alt="" referrerpolicy="no-referrer" />
    </picture>
  );
}
