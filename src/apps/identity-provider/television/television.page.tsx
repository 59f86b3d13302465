import type { JSX } from 'preact';
import { AppPage, type AppLook, Hero } from '../../../platform/pages/app-page.js';
import { SENTENCE, Text } from '../../../platform/pages/text.js';

const look: AppLook = {
  name: 'Television',
  mark: {
    shape: 'M4 6h24a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM10 27h12v2H10z',
    light: 'M5 9h22v13H5z',
  },
  accent: 'verdigris',
  iconColour: '#2a8f7e',
  footer: 'A screen without a keyboard, as a page of the demo. It signs people in by device code (RFC 8628).',
};

/** Where the screen is. */
export type TelevisionState =
  | { is: 'off'; problem?: string }
  | {
      is: 'waiting';
      /** Where a person enters the code. */
      verificationUri: string;
      userCode: string;
      /** The same with the code filled in: what the QR code says. */
      complete: string;
      /** See `qrCodeUrl`. */
      qrCode: string;
    }
  | { is: 'on'; name: string };

/** The screen looks this often whether somebody has signed in: longer than the interval of the grant. */
export const LOOK_EVERY_SECONDS = 6;

/** A screen that a person signs in to with their phone. Without a script: the page comes again by itself. */
export function TelevisionPage({ action, state }: { action: string; state: TelevisionState }): JSX.Element {
  const refresh = state.is === 'waiting' ? { refresh: { seconds: LOOK_EVERY_SECONDS, url: action } } : {};
  return (
    <AppPage look={look} title={TITLES[state.is]} {...refresh}>
      {state.is === 'waiting' ? <Waiting {...state} /> : <Screen action={action} state={state} />}
    </AppPage>
  );
}

const TITLES = { off: 'Sign in', waiting: 'Sign in with your phone', on: 'Signed in' };

function Waiting(props: Extract<TelevisionState, { is: 'waiting' }>): JSX.Element {
  const { verificationUri, userCode, complete, qrCode } = props;
  return (
    <div class="width body">
      <h1>Sign in with your phone</h1>
      <ul class="pair">
        <li class="card stack">
          <h2>Scan this</h2>
          <img class="qr" src={qrCode} width={220} height={220} alt={`QR code for ${complete}`} />
        </li>
        <li class="card stack">
          <h2>Or enter the code</h2>
          <p>
            Open <a href={verificationUri}>{verificationUri}</a> on any device, and enter:
          </p>
          <p class="code big" id="user-code">
            {userCode}
          </p>
          <p class="muted small" role="status">
            This screen waits, and goes on by itself.
          </p>
        </li>
      </ul>
    </div>
  );
}

function Screen({ action, state }: { action: string; state: Exclude<TelevisionState, { is: 'waiting' }> }) {
  return (
    <Hero look={look}>
      {state.is === 'on' ? (
        <>
          <h1>
            Good evening, <Text value={state.name} />
          </h1>
          <p>You are signed in on this screen, and typed nothing into it. It has forgotten its tokens again already.</p>
        </>
      ) : (
        <>
          <h1>A screen without a keyboard</h1>
          <p>It shows a code. You sign in with your phone, or in another window.</p>
          {state.problem !== undefined && (
            <p class="notice danger" role="alert">
              <Text value={state.problem} longest={SENTENCE} />
            </p>
          )}
        </>
      )}
      <form method="post" action={action}>
        <button class="button fit" id="television-start" type="submit">
          {state.is === 'on' ? 'Sign in again' : 'Sign in'}
        </button>
      </form>
    </Hero>
  );
}
