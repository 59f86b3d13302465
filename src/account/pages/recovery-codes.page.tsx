import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { RecoveryCodeList } from '../../platform/pages/recovery-codes.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';

/** Asks before it makes the old codes worthless. */
export function NewRecoveryCodesPage({ csrf, left }: { csrf: string; left: number }): JSX.Element {
  return (
    <AccountPage title="New recovery codes">
      <p>
        {left > 0 ? (
          <T s="You have {count} codes left. A new set makes them worthless." count={left} />
        ) : (
          <T s="You have no codes left. A new set lets you in when your second factor is gone." />
        )}
      </p>
      <form method="post" action="/account/recovery-codes">
        <HiddenFields fields={{ csrf }} />
        <button class="button" id="recovery-codes-submit" type="submit">
          <T s="Make new codes" />
        </button>
      </form>
    </AccountPage>
  );
}

/** The codes, shown this once. */
export function RecoveryCodesPage({ codes }: { codes: readonly string[] }): JSX.Element {
  return (
    <AccountPage title="Your recovery codes" back={false}>
      <RecoveryCodeList codes={codes} />
      <a class="button" id="continue" href="/account">
        <T s="I have kept them" />
      </a>
    </AccountPage>
  );
}
