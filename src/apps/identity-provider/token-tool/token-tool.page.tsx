import type { JSX } from 'preact';
import type { TokenCheck, TokenReport } from '../../../jwt/token-report.js';
import { AppPage, type AppLook } from '../../../platform/pages/app-page.js';
import { Facts } from '../../../platform/pages/facts.js';
import { gatehouse } from '../../../platform/pages/icon.js';
import { SENTENCE, Text } from '../../../platform/pages/text.js';

const look: AppLook = {
  name: 'Tokens',
  mark: gatehouse,
  accent: 'verdigris',
  iconColour: '#2a8f7e',
  footer: 'The token is read by this provider, kept nowhere and written to no log. This page is part of the demo.',
};

/** What the page shows; `report` once a token was sent. */
export interface TokenToolProps {
  action: string;
  /** What the form holds: what was sent, to be corrected. */
  token?: string;
  audience?: string;
  report?: TokenReport;
}

/** Reads a token: what it says, and what a guard would say to it. Without a script: a form, and its answer. */
export function TokenToolPage({ action, token = '', audience = '', report }: TokenToolProps): JSX.Element {
  return (
    <AppPage look={look} title="Read a token">
      <div class="width body">
        <h1>Read a token</h1>
        <form method="post" action={action} class="card stack">
          <div>
            <label for="token">Token</label>
            <textarea class="field" id="token" name="token" rows={5} spellcheck={false} autocomplete="off" required>
              {token}
            </textarea>
          </div>
          <div>
            <label for="audience">For which audience? (may be left empty)</label>
            <input class="field" id="audience" name="audience" value={audience} autocomplete="off" spellcheck={false} />
          </div>
          <div>
            <button class="button fit" type="submit">
              Read
            </button>
          </div>
        </form>
        {report && <Report report={report} />}
      </div>
    </AppPage>
  );
}

function Report({ report }: { report: TokenReport }): JSX.Element {
  const { kind, header, claims, times, checks } = report;
  const failed = checks.filter(({ ok }) => !ok).length;
  return (
    <>
      <section class="card stack" aria-labelledby="checks">
        <h2 id="checks">{capital(kind)}</h2>
        <p class={failed > 0 ? 'notice danger' : 'notice'} role="status">
          {failed > 0 ? 'A guard would refuse it.' : 'A guard would believe it.'}
        </p>
        <table>
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col">Right</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>{checks.map(Row)}</tbody>
        </table>
      </section>
      {times.length > 0 && (
        <section class="card stack" aria-labelledby="times">
          <h2 id="times">Times</h2>
          <Facts rows={times.map(({ name, at, words }) => [capital(name), `${words} (${at})`])} />
        </section>
      )}
      {header && claims && (
        <div class="pair">
          <section class="card stack" aria-labelledby="claims">
            <h2 id="claims">Claims</h2>
            <Facts rows={rowsOf(claims)} code />
          </section>
          <section class="card stack" aria-labelledby="header">
            <h2 id="header">Header</h2>
            <Facts rows={rowsOf(header)} code />
          </section>
        </div>
      )}
    </>
  );
}

function Row({ name, ok, code, detail }: TokenCheck): JSX.Element {
  return (
    <tr>
      <td>
        <span class="tag">{name}</span>
      </td>
      <td>{ok === undefined ? '?' : ok ? 'yes' : <strong>no</strong>}</td>
      <td>
        <Text value={detail} longest={SENTENCE} />
        {code !== undefined && (
          <>
            {' '}
            <code>{code}</code>
          </>
        )}
      </td>
    </tr>
  );
}

function rowsOf(object: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(object).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
