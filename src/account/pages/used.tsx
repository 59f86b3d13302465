import type { JSX } from 'preact';
import { Moment } from '../../platform/pages/moment.js';
import { T } from '../../platform/pages/words.js';

/** Since when somebody has a credential, and when they signed in with it. Epoch milliseconds. */
export function Used({ createdAt, lastUsedAt }: { createdAt: number; lastUsedAt?: number | undefined }): JSX.Element {
  return (
    <>
      <T s="Added {date}." date={<Moment at={createdAt} />} />{' '}
      {lastUsedAt === undefined ? (
        <T s="Not used yet." />
      ) : (
        <T s="Last used {date}." date={<Moment at={lastUsedAt} />} />
      )}
    </>
  );
}
