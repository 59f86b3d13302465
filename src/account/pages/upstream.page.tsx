import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { Text } from '../../platform/pages/text.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';
import { Used } from './used.js';

/** A person's accounts at other providers. Times are epoch milliseconds. */
export interface UpstreamPageProps {
  csrf: string;
  linked: readonly { id: string; name: string; createdAt: number; lastUsedAt?: number }[];
  upstreams: readonly { id: string; name: string }[];
  error?: string;
}

/** What is linked, and what may be. */
export function UpstreamPage({ csrf, linked, upstreams, error }: UpstreamPageProps): JSX.Element {
  return (
    <AccountPage title="Accounts of other sites" error={error}>
      {linked.length === 0 ? (
        <p class="muted">
          <T s="None is linked yet. With one that is, you can sign in here, too." />
        </p>
      ) : (
        <ul class="doors" id="linked">
          {linked.map(({ id, name, createdAt, lastUsedAt }) => (
            <li class="entry stack near">
              <div>
                <strong>
                  <Text value={name} />
                </strong>
                <div class="small muted">
                  <Used createdAt={createdAt} lastUsedAt={lastUsedAt} />
                </div>
              </div>
              <form method="post" action="/account/upstream">
                <HiddenFields fields={{ csrf }} />
                <button class="button quiet" type="submit" name="unlink" value={id}>
                  <span aria-hidden="true">
                    <T s="Unlink" />
                  </span>
                  <span class="sr">
                    <T s="Unlink {name}" name={<Text value={name} />} />
                  </span>
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      {upstreams.length > 0 && (
        <form method="post" action="/account/upstream" class="stack near">
          <HiddenFields fields={{ csrf }} />
          {upstreams.map(({ id, name }) => (
            <button class="button" id={`link-${id}`} type="submit" name="link" value={id}>
              <span>
                <T s="Link an account of {name}" name={<Text value={name} />} />
              </span>
            </button>
          ))}
        </form>
      )}
    </AccountPage>
  );
}
