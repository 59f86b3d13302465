import { renderToString } from 'preact-render-to-string';
import { displayText } from '../pages/text.js';
import type { Dressing } from '../branding/branding.js';
import type { Mail } from './mail.js';
import type { MailLook } from './mail-look.js';
import { english } from '../languages/en.js';
import type { Language } from '../languages/language.js';
import { say } from '../languages/languages.js';
import type { Sentence } from '../languages/sentences.js';

/** An address may have so many characters; nothing else that stands in a sentence is longer. */
const LONGEST_VALUE = 254;

declare const SAID: unique symbol;
/** A sentence of a mail; {@link sayIn} makes them. */
export type Said = string & { readonly [SAID]: true };

/** What a mail says, apart from how it looks. Everything in it is text; names of people are made fit by us. */
export interface Letter {
  to: string;
  subject: string;
  /** The name of the site, at the top. */
  service: string;
  /** How the person is called; absent for somebody who is new here. */
  name?: string;
  paragraphs: readonly Said[];
  /** A link, as a button. The URL is made by us, from the issuer. */
  action?: { label: string; url: string };
  /** A code to type. */
  code?: string;
  /** On whose behalf the person is written to: the mail looks as its pages do. */
  client?: Dressing | undefined;
  /** Of the paragraphs, and of what stands around them. Default English. */
  language?: Language;
}

/** Letters that are written from right to left. */
const FROM_THE_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const FROM_THE_LEFT = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;

/**
 * A sentence of ours in a mail. Its values are made fit to stand in it, and one in another direction is isolated (UAX #9,
 * FSI and PDI), so that it moves nothing around it; elements could do that in HTML alone.
 */
export function sayIn(language: Language, sentence: Sentence, values: Readonly<Record<string, string>> = {}): Said {
  const other = language.direction === 'rtl' ? FROM_THE_LEFT : FROM_THE_RIGHT;
  const fit = Object.entries(values).map(([name, value]) => {
    const text = displayText(value, LONGEST_VALUE);
    return [name, other.test(text) ? `\u2068${text}\u2069` : text] as const;
  });
  return say(language, sentence, Object.fromEntries(fit)) as Said;
}

/** A letter as plain text and as HTML that needs no style sheet and no script, and no picture but a logo that is a URL. */
export function composeMail(letter: Letter, site: MailLook): Mail {
  const { to, action, code, language = english } = letter;
  const look = site.dressed(letter.client);
  const subject = displayText(letter.subject);
  const service = displayText(letter.service);
  const greeting =
    letter.name === undefined
      ? say(language, 'Hello and welcome,')
      : sayIn(language, 'Hello {name},', { name: displayText(letter.name, 60) });
  const { paragraphs } = letter;
  const footer = sayIn(language, 'This mail was sent by {service}. Nobody reads answers to it.', { service });
  const text = [
    greeting,
    ...paragraphs,
    ...(code ? [code] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    `-- \n${footer}`,
  ];
  const html = renderToString(
    <html lang={language.tag} dir={language.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style="margin:0;padding:24px;font:16px/1.5 sans-serif">
        {/* Mail programs that show a mail within a page of theirs leave the document out. */}
        <div lang={language.tag} dir={language.direction} style="max-width:32em;margin:0 auto">
          <div style={`border-top:4px solid ${look.fill};padding-top:16px;font-weight:bold;font-size:18px`}>
            {look.logo ? (
              <img
                src={look.logo}
                alt={service}
                height="40"
                style="display:block;height:40px;max-width:100%;border:0"
              />
            ) : (
              <bdi>{look.name === undefined ? service : displayText(look.name) || service}</bdi>
            )}
          </div>
          <p>{greeting}</p>
          {paragraphs.map((paragraph) => (
            <p>{paragraph}</p>
          ))}
          {code && (
            <p style="font:bold 26px/1.4 monospace;letter-spacing:.1em">
              <span dir="ltr">{code}</span>
            </p>
          )}
          {action && (
            <>
              <p>
                <a
                  href={action.url}
                  style={`display:inline-block;padding:12px 20px;border-radius:8px;background:${look.fill};color:${look.onFill};text-decoration:none;font-weight:bold`}
                >
                  {action.label}
                </a>
              </p>
              <p style="font-size:13px;word-break:break-all">
                {say(language, 'Or copy this address into your browser:')} <span dir="ltr">{action.url}</span>
              </p>
            </>
          )}
          <hr style="border:0;border-top:1px solid #ccc" />
          <p style="font-size:13px">{footer}</p>
        </div>
      </body>
    </html>,
  );
  return { to, subject, text: `${text.join('\n\n')}\n`, html: `<!doctype html>${html}` };
}
