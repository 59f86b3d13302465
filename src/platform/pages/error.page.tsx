import type { JSX } from 'preact';
import { Facts } from './facts.js';
import { GatePage } from './layout.js';
import { SENTENCE, Text } from './text.js';
import { linkUrl } from './web-url.js';
import { Said, T, useWords } from './words.js';

/** What an error page says. `code` is the stable code (RFC 6749 names where there are), `message` its public text. */
export interface ErrorPageProps {
  /** HTTP status; from 500 on the page says that the fault is ours. */
  status?: number;
  code: string;
  message: string;
  /** What a program would be told, in the words of the protocol: for whoever made the request. */
  description?: string | undefined;
  /** The request parameter at fault, for example `redirect_uri`. */
  parameter?: string;
  /** What the person can do all the same: a URL as it stands in a link, and its text. */
  way?: { href: string; text: string } | undefined;
  correlationId: string;
  /** Whose error it is; the site's when left out. */
  brand?: string;
}

/** The end of a request that must not be redirected: says what is wrong, where, and what a person can do. */
export function ErrorPage({
  status,
  code,
  message,
  description,
  parameter,
  way,
  correlationId,
  brand,
}: ErrorPageProps): JSX.Element {
  const ours = status !== undefined && status >= 500;
  const rows: [string, string][] = [['Error', code]];
  if (description !== undefined) rows.push(['Details', description]);
  if (parameter) rows.push(['Parameter', parameter]);
  if (status !== undefined) rows.push(['Status', String(status)]);
  rows.push(['Reference', correlationId]);
  return (
    <GatePage page="error" title="Error" {...(brand === undefined ? {} : { brand })}>
      <h1>
        <T s={ours ? 'Something went wrong here' : 'This request can’t be completed'} />
      </h1>
      <p class="notice danger">
        <SaidText text={message} />
      </p>
      <p>
        <T
          s={
            ours
              ? 'This is our fault, not yours. Wait a minute, then try again.'
              : 'Go back to the application you came from and start again from there.'
          }
        />{' '}
        <T s="If it happens again, send these details to the people who run it:" />
      </p>
      <div class="box">
        <Facts rows={rows} code />
      </div>
      {way && (
        <a class="button" href={linkUrl(way.href)}>
          <Said text={way.text} />
        </a>
      )}
    </GatePage>
  );
}

function SaidText({ text }: { text: string }): JSX.Element {
  return <Text value={useWords().said(text)} longest={SENTENCE} />;
}
