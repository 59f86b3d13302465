import { renderToString } from 'preact-render-to-string';
import { displayText, SENTENCE } from '../pages/text.js';
import type { Mail } from './mail.js';
import { english } from '../languages/en.js';
import type { Language } from '../languages/language.js';
import { say } from '../languages/languages.js';

/** What a mail says, apart from how it looks. Everything in it is text; names of people are made fit by us. */
export interface Letter {
  to: string;
  subject: string;
  /** The name of the site, at the top. */
  service: string;
  /** How the person is called; absent for somebody who is new here. */
  name?: string;
  paragraphs: readonly string[];
  /** A link, as a button. The URL is made by us, from the issuer. */
  action?: { label: string; url: string };
  /** A code to type. */
  code?: string;
  /** Of the paragraphs, and of what stands around them. Default English. */
  language?: Language;
  /** Below the rest, small. */
  footer?: string;
}

/** A letter as plain text and as HTML that needs no style sheet, no picture and no script. */
export function composeMail(letter: Letter): Mail {
  const { to, action, code, language = english } = letter;
  const subject = displayText(letter.subject);
  const service = displayText(letter.service);
  const greeting =
    letter.name === undefined
      ? say(language, 'Hello and welcome,')
      : say(language, 'Hello {name},', { name: displayText(letter.name, 60) });
  const paragraphs = letter.paragraphs.map((paragraph) => displayText(paragraph, SENTENCE));
  const footer = displayText(
    letter.footer ?? say(language, 'This mail was sent by {service}. Nobody reads answers to it.', { service }),
    SENTENCE,
  );
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
          <p style="font-weight:bold;letter-spacing:.1em;text-transform:uppercase;font-size:13px">{service}</p>
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
                  style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d6f62;color:#fff;text-decoration:none;font-weight:bold"
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
