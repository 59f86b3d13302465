import type { JSX } from 'preact';
import { AppPage, type AppLook, Hero } from '../../../platform/pages/app-page.js';
import { Facts } from '../../../platform/pages/facts.js';
import { SENTENCE, Text } from '../../../platform/pages/text.js';
import { STRATEGIES, type Strategy } from '../../compare/strategies.js';
import { milliseconds, octets } from '../../compare/words.js';
import type { Trial } from './laboratory.js';

const look: AppLook = {
  name: 'Strategies',
  mark: {
    shape: 'M15 4h2v3l9 2v2l4 8a5 5 0 0 1-10 0l4-8-7-1.6V26h6v2H9v-2h6V9.400L8 11l4 8a5 5 0 0 1-10 0l4-8V9l9-2z',
  },
  accent: 'verdigris',
  iconColour: '#2a8f7e',
  footer: 'Each strategy is an application of its own, started when somebody tries it. This page is part of the demo.',
};

/** All strategies, to choose one. */
export function StrategiesPage({
  action,
  report,
  problem,
}: {
  action: string;
  report?: string;
  problem?: string;
}): JSX.Element {
  return (
    <AppPage look={look} title="Sessions or JWTs?">
      <Hero look={look}>
        <h1>Sessions or JWTs?</h1>
        <p>
          Try them: sign in under each strategy, look at the credential, revoke it, and watch when it is refused.
          Everything is real: an application behind the guard, and this provider.
        </p>
        <p>
          {report === undefined ? (
            <>
              For figures of your own machine run <code>npx nest-gatehouse compare</code>, and come back here.
            </>
          ) : (
            <a class="button fit" href={report}>
              The report measured on this machine
            </a>
          )}
        </p>
      </Hero>
      <div class="width body">
        {problem !== undefined && (
          <p class="notice danger" role="alert">
            <Text value={problem} longest={SENTENCE} />
          </p>
        )}
        <ul class="pair">
          {STRATEGIES.map((strategy) => (
            <li class="card stack near">
              <h2 id={strategy.id}>{strategy.name}</h2>
              <p class="muted small">{strategy.sentence}</p>
              <form method="post" action={action}>
                <input type="hidden" name="strategy" value={strategy.id} />
                <button class="button fit" type="submit" name="step" value="begin" aria-describedby={strategy.id}>
                  Sign in
                </button>
              </form>
            </li>
          ))}
        </ul>
      </div>
    </AppPage>
  );
}

/** One trial: the credential, what happened to it, and what can be done now. */
export function TrialPage({ action, trial }: { action: string; trial: Trial }): JSX.Element {
  const { strategy, header, claims, events, isRevoked } = trial;
  return (
    <AppPage look={look} title={strategy.name}>
      <div class="width body">
        <div class="stack tight">
          <p class="small">
            <a href={action}>All strategies</a>
          </p>
          <h1>{strategy.name}</h1>
          <p class="muted">{strategy.sentence}</p>
        </div>
        <section class="card stack" aria-labelledby="happened">
          <h2 id="happened">What happened</h2>
          {isRevoked && <Verdict trial={trial} />}
          <ol class="doors">
            {events.map(({ milliseconds: at, what, answer, good }) => (
              <li class="entry">
                <p>{what}</p>
                <p>{good === undefined ? answer : <span class="tag">{answer}</span>}</p>
                <p class="muted small">after {milliseconds(at)}</p>
              </li>
            ))}
          </ol>
          <div class="row">
            <Step action={action} trial={trial} step="ask" quiet>
              Ask again
            </Step>
            {!isRevoked && (
              <Step action={action} trial={trial} step="revoke">
                Revoke, and watch
              </Step>
            )}
          </div>
        </section>
        <section class="card stack" aria-labelledby="credential">
          <h2 id="credential">The credential</h2>
          <p class="muted small">
            {WHAT_IT_IS[strategy.kind]} {octets(header.name.length + 2 + header.value.length)} with every request.
          </p>
          <p class="box">
            <code>
              {header.name}: {header.value}
            </code>
          </p>
          {claims && (
            <>
              <h2>What anybody reads in it</h2>
              <Facts
                rows={Object.entries(claims).map(([name, value]) => [
                  name,
                  typeof value === 'string' ? value : JSON.stringify(value),
                ])}
                code
              />
            </>
          )}
        </section>
      </div>
    </AppPage>
  );
}

const WHAT_IT_IS: Record<Strategy['kind'], string> = {
  session: 'A cookie that no script of the page can read, and in which nothing can be read:',
  jwt: 'A signed token: everybody can read it, and nobody can change it:',
};

function Verdict({ trial: { strategy, events } }: { trial: Trial }): JSX.Element {
  const isRefused = events.at(-1)?.good === false;
  if (isRefused) {
    return (
      <p class="notice" role="status">
        Revoked, and refused.
      </p>
    );
  }
  return (
    <p class="notice danger" role="status">
      Revoked, and still let in{strategy.bound ? `: it is good ${strategy.bound.words}` : ''}.
    </p>
  );
}

function Step({
  action,
  trial,
  step,
  quiet,
  children,
}: {
  action: string;
  trial: Trial;
  step: string;
  quiet?: boolean;
  children: string;
}): JSX.Element {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="trial" value={trial.id} />
      <button class={quiet ? 'button quiet fit' : 'button fit'} type="submit" name="step" value={step}>
        {children}
      </button>
    </form>
  );
}
