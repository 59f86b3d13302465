import type { ComponentChildren, JSX } from 'preact';
import { useWords } from './words.js';

/** What a form needs that an authenticator answers. */
export interface WebAuthnFormProps {
  ceremony: 'get' | 'create';
  action: string;
  hidden: Record<string, string | undefined>;
  /** What `navigator.credentials` is given, as JSON. */
  options: object;
  /** Offers passkeys in the browser's autofill, too. */
  conditional?: boolean;
  id: string;
  /** What the person reads when it did not work, and when this authenticator is known already. */
  problem: string;
  known?: string;
  children: ComponentChildren;
}

/**
 * A form that the script of our pages serves; without WebAuthn, or without scripts, it stays hidden. Its hidden fields are the
 * script's to make: the page of name and password has those of one form, as clients without scripts expect.
 */
export function WebAuthnForm(props: WebAuthnFormProps): JSX.Element {
  const { ceremony, action, hidden, options, conditional, id, problem, known = problem, children } = props;
  const { said } = useWords();
  return (
    <form
      method="post"
      action={action}
      class="stack near"
      id={id}
      hidden
      data-webauthn={ceremony}
      data-options={JSON.stringify(options)}
      data-fields={JSON.stringify({ ...hidden, credential: '' })}
      data-conditional={conditional ? '' : undefined}
      data-problem={said(problem)}
      data-known={said(known)}
    >
      {children}
      <p class="notice danger webauthn-problem" role="alert" hidden />
    </form>
  );
}
