import type { JSX } from 'preact';
import type { Receipt } from '../../authorizations/revocation-receipts.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { List } from '../../platform/pages/list.js';
import { Moment } from '../../platform/pages/moment.js';
import { Text } from '../../platform/pages/text.js';
import { T, useWords } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';
import { Device } from './device.js';
import { ReceiptView } from './receipt.js';

/** A sign-on session as its owner sees it. Times are epoch milliseconds. */
export interface SessionView {
  sid: string;
  userAgent: string;
  ip: string;
  startedAt: number;
  lastSeenAt: number;
  /** The applications that were let in in it. */
  applications: readonly string[];
  /** The one that this page is seen in. */
  here: boolean;
}

/** Where a person is signed in, and the way out of each place and of all. */
export function SessionsPage({
  csrf,
  sessions,
  ended,
  receipt,
}: {
  csrf: string;
  sessions: readonly SessionView[];
  /** One of them was just ended. */
  ended: boolean;
  /** Of that one, when it concerns an application. */
  receipt?: Receipt;
}): JSX.Element {
  return (
    <AccountPage title="Where you are signed in">
      {ended && (
        <div class="notice stack near" role="status">
          <p>
            <T s="That device is signed out." />
          </p>
          {receipt && <ReceiptView receipt={receipt} />}
        </div>
      )}
      <ul class="doors" id="sessions">
        {sessions.map((session) => (
          <li class="entry stack near">
            <Session {...session} />
            <form method="post" action="/account/sessions">
              <HiddenFields fields={{ csrf, sid: session.sid }} />
              <button class="button quiet fit" type="submit">
                <span aria-hidden="true">
                  <T s="Sign out" />
                </span>
                <span class="sr">
                  <T s="Sign out of {device}" device={<Device userAgent={session.userAgent} />} />
                </span>
              </button>
            </form>
          </li>
        ))}
      </ul>
      <form method="post" action="/account/sessions" class="stack near">
        <HiddenFields fields={{ csrf, everywhere: 'yes' }} />
        <p class="muted small" id="everywhere-means">
          <T s="Ends every session, here too, and takes back what applications were given, also while you are away." />
        </p>
        <button class="button" id="sign-out-everywhere" type="submit" aria-describedby="everywhere-means">
          <T s="Sign out everywhere" />
        </button>
      </form>
    </AccountPage>
  );
}

function Session({ userAgent, ip, startedAt, lastSeenAt, applications, here }: SessionView): JSX.Element {
  const { t } = useWords();
  return (
    <div>
      <strong>
        <Device userAgent={userAgent} />
      </strong>{' '}
      {here && (
        <span class="tag">
          <T s="This device" />
        </span>
      )}
      <div class="small muted">
        <T
          s="From {address}, since {date}"
          address={<Text value={ip} fallback={t('an unknown address')} />}
          date={<Moment at={startedAt} />}
        />
        <br />
        <T s="Last seen {date}" date={<Moment at={lastSeenAt} />} />
      </div>
      {applications.length > 0 && (
        <div class="small">
          <T
            s="Applications: {names}"
            names={
              <List
                items={applications.map((name) => (
                  <Text value={name} fallback={t('Unnamed application')} />
                ))}
              />
            }
          />
        </div>
      )}
    </div>
  );
}

/** Nobody is signed in any more, anywhere. The text "signed out" is a stable contract. */
export function EverywhereSignedOutPage({ receipt }: { receipt?: Receipt }): JSX.Element {
  return (
    <GatePage page="account" title="Signed out">
      <h1>
        <T s="You are signed out everywhere" />
      </h1>
      <p class="muted">
        <T s="Every session has ended, and what applications were given is worth nothing any more." />
      </p>
      {receipt && <ReceiptView receipt={receipt} />}
      <a class="button" id="continue" href="/">
        <T s="Start page" />
      </a>
    </GatePage>
  );
}
