import type { JSX } from 'preact';
import type { PersonApplication } from '../../authorizations/person-applications.js';
import { ClientBadge, ClientLinks, ClientName } from '../../platform/pages/client-view.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { List } from '../../platform/pages/list.js';
import { Moment } from '../../platform/pages/moment.js';
import { Text } from '../../platform/pages/text.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';

/** The applications that a person let in, and the way to put each of them out. */
export function ApplicationsPage({
  csrf,
  applications,
}: {
  csrf: string;
  applications: readonly PersonApplication[];
}): JSX.Element {
  return (
    <AccountPage title="Connected applications">
      {applications.length === 0 ? (
        <p class="muted">
          <T s="You have let no application in." />
        </p>
      ) : (
        <ul class="doors" id="applications">
          {applications.map((application) => (
            <li class="entry stack near">
              <Application {...application} />
              <form method="post" action="/account/applications">
                <HiddenFields fields={{ csrf, client: application.clientId }} />
                <button class="button quiet fit" type="submit">
                  <span aria-hidden="true">
                    <T s="Take access back" />
                  </span>
                  <span class="sr">
                    <T s="Take access back from {client}" client={<ClientName client={application.view} />} />
                  </span>
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
    </AccountPage>
  );
}

function Application({ view, scopes, since, latest, offline }: PersonApplication): JSX.Element {
  return (
    <>
      <ClientBadge client={view} />
      <div class="small muted">
        <T s="Since {date}" date={<Moment at={since} />} />
        {latest !== undefined && (
          <>
            <br />
            <T s="Last let in {date}" date={<Moment at={latest} />} />
          </>
        )}
        {offline && (
          <>
            <br />
            <T s="Has access while you are away" />
          </>
        )}
      </div>
      {scopes.length > 0 && (
        <div class="small">
          <T
            s="You allowed: {scopes}"
            scopes={
              <List
                items={scopes.map((scope) => (
                  <Text value={scope} />
                ))}
              />
            }
          />
        </div>
      )}
      <ClientLinks client={view} />
    </>
  );
}
