import { createHash } from 'node:crypto';
import type { JSX } from 'preact';
import { gatehouse, iconUrl, MarkImage } from '../../platform/pages/icon.js';
import { renderPage } from '../../platform/pages/render.js';
import { Chart, Legend } from './report-charts.js';
import { reportCss } from './report-style.js';
import { nameOf, notesOf } from './report-text.js';
import { METHODS, type Report, type Row } from './report.js';
import { CLIENT_NAMES, type Needs } from './recommend.js';
import * as words from './words.js';

/** The policy under which a server may show it: it loads nothing, and its only style is the one it brings. */
export const REPORT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(reportCss).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** From a millisecond to the longest life of a session. */
const TIMES = [
  [1, '1 ms'],
  [10, '10 ms'],
  [100, '0.1 s'],
  [1_000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [43_200_000, '12 h'],
] as const;

/** The report as one HTML document that needs nothing else: no network, no script. */
export function reportPage(report: Report): string {
  return renderPage(<Document report={report} />);
}

function Document({ report }: { report: Report }): JSX.Element {
  const { rows, recommendation, needs } = report;
  return (
    <html lang="en" data-accent="verdigris">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Sessions or JWTs? Measured here · Gatehouse</title>
        <link rel="icon" href={iconUrl(gatehouse, '#2a8f7e')} />
        {/* Raw text: escaped, it would be other text than the one whose hash the policy names. */}
        <style dangerouslySetInnerHTML={{ __html: reportCss }} />
      </head>
      <body>
        <div class="app">
          <main>
            <div class="hero">
              <MarkImage mark={gatehouse} size={320} />
              <div class="width stack">
                <h1>Sessions or JWTs?</h1>
                <p>
                  Every figure on this page was measured in one run on one machine, with a real provider, real databases
                  and one guarded route. Yours will differ: run it where it matters to you.
                </p>
                <Circumstances report={report} />
              </div>
            </div>
            <div class="width body">
              <State report={report} />
              <section class="card stack" aria-labelledby="recommended">
                <div class="stack tight">
                  <h2 id="recommended">Recommended for what you said you need</h2>
                  <p class="meta">
                    {wordsOfNeeds(needs).map((need) => (
                      <span class="tag">{need}</span>
                    ))}
                  </p>
                </div>
                <div class="pair">
                  {recommendation.choices.map(({ for: whom, strategy, reasons }) => (
                    <div class="stack near">
                      <p>
                        For {whom}: <strong>{nameOf(strategy)}</strong>
                      </p>
                      <ul class="bullets">
                        {reasons.map((reason) => (
                          <li>{reason}</li>
                        ))}
                      </ul>
                    </div>
                  ))}
                </div>
                {recommendation.advice.length > 0 && (
                  <ul class="bullets">
                    {recommendation.advice.map((advice) => (
                      <li>{advice}</li>
                    ))}
                  </ul>
                )}
              </section>
              <Numbers rows={rows} />
              <Legend />
              <Charts report={report} />
              <Table rows={rows} />
              <section class="card stack" aria-labelledby="each">
                <h2 id="each">What each of them is</h2>
                <div class="rows">
                  {rows.map((row) => (
                    <div>
                      <h3>{row.name}</h3>
                      <p>{row.sentence}</p>
                      {notesOf(row).map((note) => (
                        <p class="muted small hint">{note.trim()}</p>
                      ))}
                    </div>
                  ))}
                </div>
              </section>
              <section class="card stack" aria-labelledby="how">
                <h2 id="how">How it was measured</h2>
                <dl class="facts">
                  {METHODS.map(([term, how]) => (
                    <>
                      <dt>{term}</dt>
                      <dd>{how}.</dd>
                    </>
                  ))}
                </dl>
              </section>
            </div>
          </main>
          <footer class="width small muted">
            <code>{report.command}</code> · Gatehouse {report.versions.gatehouse}
          </footer>
        </div>
      </body>
    </html>
  );
}

function Circumstances({ report }: { report: Report }): JSX.Element {
  const { machine, versions, startedAt, seconds } = report;
  const facts = [
    `${machine.cores} × ${machine.cpu}`,
    `${machine.memoryGigabytes} GB, ${machine.platform}`,
    `Node ${versions.node.replace(/^v/, '')}`,
    ...(versions.postgres ? [`PostgreSQL ${versions.postgres}`] : []),
    ...(versions.redis ? [`Redis ${versions.redis}`] : []),
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${seconds} s`,
  ];
  return (
    <p class="meta">
      {facts.map((fact) => (
        <span class="tag">{fact}</span>
      ))}
    </p>
  );
}

/** What a reader must know before they believe a figure. */
function State({ report }: { report: Report }): JSX.Element | null {
  const sentences = [
    ...(report.settings.quick ? ['This was a quick look: its figures are rough. Leave out --quick to measure.'] : []),
    ...(report.interrupted ? ['The run was interrupted: here is what was measured until then.'] : []),
    ...(!report.interrupted && !report.complete
      ? ['Not everything could be measured here; each of those says why, below.']
      : []),
  ];
  if (sentences.length === 0) return null;
  return (
    <p class="notice" role="status">
      {sentences.join(' ')}
    </p>
  );
}

/** The question in three numbers, as far as they were measured. */
function Numbers({ rows }: { rows: readonly Row[] }): JSX.Element | null {
  const of = (id: string) => rows.find((row) => row.id === id);
  const feed = of('jwt-feed');
  const looked = of('postgres-session');
  const expiry = of('jwt-expiry');
  const numbers: [string, string][] = [];
  if (feed?.revocation?.kind === 'measured') {
    numbers.push([
      words.milliseconds(feed.revocation.medianMilliseconds),
      'and a revoked JWT is refused, without a lookup, when the provider tells of it',
    ]);
  }
  if (expiry?.revocation) {
    numbers.push([
      words.revocation(expiry.revocation).replace(' *', ''),
      'a revoked JWT that nobody tells of goes on working',
    ]);
  }
  if (looked?.cpuMicroseconds !== undefined && feed?.cpuMicroseconds !== undefined) {
    const ratio = looked.cpuMicroseconds / feed.cpuMicroseconds;
    numbers.push([
      `${ratio.toFixed(1)} ×`,
      'the CPU of a JWT with the feed is what a session lookup in PostgreSQL takes, in the application alone',
    ]);
  }
  if (numbers.length === 0) return null;
  return (
    <ul class="card numbers">
      {numbers.map(([number, meaning]) => (
        <li>
          <strong>{number}</strong>
          <span>{meaning}</span>
        </li>
      ))}
    </ul>
  );
}

function Charts({ report: { rows, unguarded } }: { report: Report }): JSX.Element {
  const guardless = unguarded?.cpuMicroseconds;
  return (
    <div class="charts">
      <Chart
        title="From revoked to refused"
        note="Shorter is safer. The axis is logarithmic: each step to the right is about ten times as long."
        rows={rows}
        wide
        ticks={TIMES}
        parts={({ revocation: figure }) =>
          figure && [
            figure.kind === 'measured'
              ? { value: Math.max(1.2, figure.medianMilliseconds) }
              : { value: figure.milliseconds, bound: true },
          ]
        }
        words={({ revocation: figure }) => words.revocation(figure)}
      />
      <Chart
        title="CPU per request"
        note={`Of the application’s process. Shorter is cheaper.${guardless === undefined ? '' : ` Without any guard it takes ${words.microseconds(guardless)}.`}`}
        rows={rows}
        parts={({ cpuMicroseconds: value }) => (value === undefined ? undefined : [{ value }])}
        words={({ cpuMicroseconds: value }) => words.microseconds(value)}
      />
      <Chart
        title="Requests per second"
        note="One process, one guarded route. Longer is more."
        rows={rows}
        parts={({ requestsPerSecond: value }) => (value === undefined ? undefined : [{ value }])}
        words={({ requestsPerSecond: value }) => words.perSecond(value)}
      />
      <Chart
        title="Latency, p50 and p99"
        note="With several connections at once. The pale part is what the slowest in a hundred took longer."
        rows={rows}
        parts={({ latency: figure }) =>
          figure && [
            { value: figure.p50Milliseconds },
            { value: figure.p99Milliseconds - figure.p50Milliseconds, soft: true },
          ]
        }
        words={({ latency: figure }) =>
          `${words.milliseconds(figure!.p50Milliseconds)} · ${words.milliseconds(figure!.p99Milliseconds)}`
        }
      />
      <Chart
        title="On the wire, with every request"
        note="The header with the credential, and in pale the rest of a bare request."
        rows={rows}
        parts={({ octets: figure }) =>
          figure?.request
            ? [{ value: figure.credential }, { value: figure.request - figure.credential, soft: true }]
            : undefined
        }
        words={({ octets: figure }) => words.octets(figure!.request)}
      />
      <Chart
        wide
        title="Memory for 100 000 signed-in people"
        note="In the store, and in pale in the application’s process (whose caches hold 10 000)."
        rows={rows}
        parts={({ memory: figure }) =>
          figure && [{ value: figure.per100000.store }, { value: figure.per100000.application, soft: true }]
        }
        words={({ memory: figure }) => words.memory(figure)}
      />
    </div>
  );
}

function Table({ rows }: { rows: readonly Row[] }): JSX.Element {
  return (
    <section class="card stack" aria-labelledby="figures">
      <h2 id="figures">All figures</h2>
      <div class="scroll" role="region" aria-labelledby="figures" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[
                'Strategy',
                'Credential',
                'Request',
                'Answer',
                'Requests/s',
                'CPU',
                'p50',
                'p99',
                'Lookups',
                'under load',
                '100 000 people',
                'Revoked → refused',
              ].map((heading) => (
                <th scope="col">{heading}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                <th scope="row">{row.name}</th>
                {cellsOf(row).map((cell) => (
                  <td>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted small">
        * Not measured but the bound: nobody tells the application, so the credential is good until it ends.
      </p>
    </section>
  );
}

function cellsOf({ octets, requestsPerSecond, cpuMicroseconds, latency, lookups, memory, revocation }: Row): string[] {
  const orNothing = (value: number | undefined, say: (value: number) => string) => (value ? say(value) : words.NOTHING);
  return [
    orNothing(octets?.credential, words.octets),
    orNothing(octets?.request, words.octets),
    orNothing(octets?.response, words.octets),
    words.perSecond(requestsPerSecond),
    words.microseconds(cpuMicroseconds),
    orNothing(latency?.p50Milliseconds, words.milliseconds),
    orNothing(latency?.p99Milliseconds, words.milliseconds),
    lookups ? words.lookups(lookups.alone) : words.NOTHING,
    lookups ? lookups.underLoad.toFixed(2) : words.NOTHING,
    words.memory(memory),
    words.revocation(revocation),
  ];
}

function wordsOfNeeds({ clients, instantLogout, apps, serverless, gatehouse, redis }: Needs): string[] {
  return [
    ...clients.map((kind) => CLIENT_NAMES[kind]),
    `instant logout: ${instantLogout ? 'yes' : 'no'}`,
    `applications: ${apps}`,
    `serverless: ${serverless ? 'yes' : 'no'}`,
    `provider: ${gatehouse ? 'Gatehouse' : 'another'}`,
    `Redis: ${redis ? 'yes' : 'no'}`,
  ];
}
