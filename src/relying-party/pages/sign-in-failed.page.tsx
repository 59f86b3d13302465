import type { JSX } from 'preact';
import { Facts } from '../../platform/pages/facts.js';
import { GatePage } from '../../platform/pages/layout.js';
import { SENTENCE, Text } from '../../platform/pages/text.js';
import { linkUrl } from '../../platform/pages/web-url.js';
import { T, useWords } from '../../platform/pages/words.js';

/** What an application says when a sign-in through the provider did not come off. */
export interface SignInFailedPageProps {
  /** Stable code: the provider's error (RFC 6749 §4.1.2.1) or ours. */
  code: string;
  message: string;
  /** Starts the sign-in anew. */
  retryUrl: string;
  correlationId: string;
}

/** The end of a failed sign-in: an error page rather than another redirect, so that a fault never becomes a loop. */
export function SignInFailedPage({ code, message, retryUrl, correlationId }: SignInFailedPageProps): JSX.Element {
  return (
    <GatePage title="Sign-in failed" brand="">
      <h1>
        <T s={code === 'access_denied' ? 'You were not signed in' : 'The sign-in failed'} />
      </h1>
      <p class="notice danger">
        <Message message={message} />
      </p>
      <a class="button" href={linkUrl(retryUrl)}>
        <T s="Try again" />
      </a>
      <p class="muted small">
        <T s="If it happens again, send these details to the people who run this application:" />
      </p>
      <div class="box">
        <Facts
          code
          rows={[
            ['Error', code],
            ['Reference', correlationId],
          ]}
        />
      </div>
    </GatePage>
  );
}

function Message({ message }: { message: string }): JSX.Element {
  return <Text value={useWords().said(message)} longest={SENTENCE} />;
}
