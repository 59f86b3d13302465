import { type ComponentChildren, type JSX, toChildArray, type VNode } from 'preact';
import { useContext } from 'preact/hooks';
import type { Brand, BrandLogo } from '../branding/brand.js';
import { CONTENT, type PageName } from '../branding/page-names.js';
import { filled, type Slots, type Values } from '../branding/template.js';
import { BrandContext } from './brand-context.js';
import { gatehouse, iconUrl, MarkImage } from './icon.js';
import { css, type Accent } from './theme.js';
import { LanguageContext, useWords } from './words.js';

/** What every document needs. */
export interface PageProps {
  /** Shown in the browser's tab. */
  title: string;
  /** By which templates and style sheets know it. */
  page?: PageName;
  accent?: Accent;
  /** URL of the icon in the browser's tab; the gatehouse when it is left out. */
  icon?: string;
  /** URLs of scripts, run when the page is there; the policy must name them. */
  scripts?: readonly string[];
  /** Goes on by itself, this many seconds after everything has loaded. The URL must be made by us or checked. */
  refresh?: { seconds: number; url: string };
  children: ComponentChildren;
}

const GATEHOUSE_ICON = iconUrl(gatehouse, '#2a8f7e');

/** A whole HTML document with the style sheet inlined. It loads nothing but the brand's files and, of itself, holds no script. */
export function Page({
  title,
  page,
  accent = 'verdigris',
  icon,
  scripts = [],
  refresh,
  children,
}: PageProps): JSX.Element {
  const { tag, direction } = useContext(LanguageContext);
  const { colours, styleSheet, logo, client } = useContext(BrandContext);
  return (
    <html lang={tag} dir={direction} data-accent={accent} data-page={page} data-client={client}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        {refresh && <meta http-equiv="refresh" content={`${refresh.seconds};url=${refresh.url}`} />}
        <title>{title}</title>
        <link rel="icon" href={icon ?? logo?.url ?? GATEHOUSE_ICON} />
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

/** A part of a page that a template may place by itself: its name is in `PAGE_PARTS`. */
export function Part({ children }: { name: string; children: ComponentChildren }): JSX.Element {
  return <>{children}</>;
}

/**
 * A page with one card standing in the gate: sign-in, consent, sign-out, errors. `brand` is the name over the card, if it is
 * not the one of the site.
 */
export function GatePage({ brand: ownName, title, children, ...page }: PageProps & { brand?: string }): JSX.Element {
  const { language, said } = useWords();
  const brand = useContext(BrandContext);
  const name = ownName ?? brand.name;
  const heading = said(title.replace(/ · Gatehouse$/, ''));
  const parts = [heading, name].filter((part) => part !== '');
  const { templates } = brand;
  const values = templates
    ? valuesOf(brand, { title: heading, page: page.page ?? '', lang: language.tag, dir: language.direction })
    : {};
  const header = templates?.get('header');
  const footer = templates?.get('footer');
  const own = page.page && templates?.get(page.page);
  return (
    <Page {...page} title={parts.join(' · ')}>
      <div class="wall">
        <div class="gate">
          <header class="brand">
            {header ? (
              filled(header, values)
            ) : (
              <>
                {brand.logo ? <Logo logo={brand.logo} /> : <MarkImage mark={gatehouse} />}
                <span class="site">{name}</span>
              </>
            )}
          </header>
          <main class="card stack">{own ? filled(own, values, slotsOf(children)) : children}</main>
          {footer && <footer class="foot muted small">{filled(footer, values)}</footer>}
        </div>
      </div>
    </Page>
  );
}

/** What a page holds, whole and by its parts. */
function slotsOf(children: ComponentChildren): Slots {
  const parts: Record<string, ComponentChildren> = {};
  for (const child of toChildArray(children)) {
    if (typeof child === 'object' && child.type === Part) parts[(child as VNode<{ name: string }>).props.name] = child;
  }
  return { ...parts, [CONTENT]: children };
}

function valuesOf({ name, logo, client, clientValues }: Brand, own: Values): Values {
  return {
    ...own,
    'site.name': name,
    'site.logo': logo?.url,
    'site.logo-dark': logo?.darkUrl,
    client,
    'client.id': client,
    'client.name': clientValues?.name,
    'client.logo': clientValues?.logo,
    'client.url': clientValues?.url,
    [`language.${own['lang']}`]: 'yes',
  };
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
