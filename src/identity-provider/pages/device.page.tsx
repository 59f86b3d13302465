import type { JSX } from 'preact';
import { ClientBadge, ClientLinks, ClientName, type ClientView } from '../../platform/pages/client-view.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { SENTENCE, Text } from '../../platform/pages/text.js';
import { AskedScopes, type AskedScopesProps } from './asked-scopes.js';
import { DecisionForm } from './decision-form.js';
import { T, useWords } from '../../platform/pages/words.js';

/** What the form for a device's code needs. */
export interface DeviceCodePageProps {
  /** URL that the form is posted to. */
  action: string;
  csrfToken: string;
  /** Fills the field in: from the link, or what was typed before. */
  userCode?: string;
  error?: string;
  /** Shown with the error, to find the attempt in the log. */
  correlationId?: string;
}

/** Asks for the code that a device shows (RFC 8628 §3.3). `user_code` and `device-submit` are a stable contract. */
export function DeviceCodePage({
  action,
  csrfToken,
  userCode,
  error,
  correlationId,
}: DeviceCodePageProps): JSX.Element {
  const { said } = useWords();
  return (
    <GatePage page="device" title="Connect a device · Gatehouse">
      <div class="stack tight">
        <h1>
          <T s="Connect a device" />
        </h1>
        <p class="muted" id="code-help">
          <T
            s={
              userCode === undefined || error !== undefined
                ? 'Enter the code that your device shows.'
                : 'Go on only if your device shows this very code.'
            }
          />
        </p>
      </div>
      {error !== undefined && (
        <div id="code-error" class="notice danger" role="alert">
          <Text value={said(error)} longest={SENTENCE} />
          {correlationId && (
            <div class="small">
              <T s="Reference {code}" code={<code>{correlationId}</code>} />
            </div>
          )}
        </div>
      )}
      <form method="post" action={action} class="stack">
        <HiddenFields fields={{ csrf: csrfToken }} />
        <div>
          <label for="user_code">
            <T s="Code" />
          </label>
          <input
            class="field code"
            id="user_code"
            name="user_code"
            type="text"
            value={userCode}
            placeholder="XXXX-XXXX"
            maxlength={64}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            required
            autofocus
            aria-describedby={error === undefined ? 'code-help' : 'code-error'}
          />
        </div>
        <button class="button" id="device-submit" type="submit">
          <T s="Continue" />
        </button>
      </form>
    </GatePage>
  );
}

/** What the confirmation needs. */
export interface DeviceConfirmPageProps extends AskedScopesProps {
  action: string;
  csrfToken: string;
  /** The opaque id of the interaction that waits for this answer. */
  interaction: string;
  client: ClientView;
  /** Whose account the device asks for. */
  user: { name: string; username: string };
  /** As the device shows it. */
  userCode: string;
}

/**
 * Asks whether the device may, and whether it is the person's own: somebody who sends others a link wants their accounts
 * on a device of theirs (RFC 8628 §5.4). The names and ids are those of the consent page.
 */
export function DeviceConfirmPage({
  action,
  csrfToken,
  interaction,
  client,
  user,
  userCode,
  scopes,
  resources,
}: DeviceConfirmPageProps): JSX.Element {
  return (
    <GatePage page="device" title="Connect a device · Gatehouse">
      <ClientBadge client={client} />
      <h1>
        <T s="Allow {client} on a device to use your account?" client={<ClientName client={client} />} />
      </h1>
      <p class="muted">
        <T
          s="You are signed in as {name} ({username})."
          name={<Text value={user.name} fallback={user.username} />}
          username={<Text value={user.username} />}
        />
      </p>
      <div class="stack tight">
        <h2>
          <T s="Does your device show this code?" />
        </h2>
        <p class="code big">{userCode}</p>
      </div>
      <p class="notice">
        <strong>
          <T s="Allow it only if you have the device in front of you." />
        </strong>{' '}
        <T s="If somebody sent you the code or a link, they are trying to get into your account: deny it." />
      </p>
      <AskedScopes scopes={scopes} resources={resources} />
      <DecisionForm action={action} fields={{ csrf: csrfToken, interaction }} />
      <ClientLinks client={client} />
    </GatePage>
  );
}

/** Says that the device has its answer. */
export function DeviceDonePage({ client, allowed }: { client: ClientView; allowed: boolean }): JSX.Element {
  return (
    <GatePage page="device" title="Connect a device · Gatehouse">
      <h1>
        <T s={allowed ? 'Your device is connected' : 'The device was refused'} />
      </h1>
      <p>
        <T
          s={
            allowed
              ? '{client} goes on in a few seconds. You can close this page.'
              : '{client} was told no, and has no access to your account. You can close this page.'
          }
          client={<ClientName client={client} />}
        />
      </p>
    </GatePage>
  );
}
