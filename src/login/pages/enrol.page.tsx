import type { JSX } from 'preact';
import { GatePage } from '../../platform/pages/layout.js';
import { RecoveryCodeList } from '../../platform/pages/recovery-codes.js';
import { TotpEnrolmentForm } from '../../platform/pages/totp-enrolment.js';
import { Refusal, REFUSAL_ID } from './refusal.js';
import { T } from '../../platform/pages/words.js';

/** What the page needs on which a second factor is made in the middle of a sign-in. */
export interface EnrolPageProps {
  hidden: Record<string, string | undefined>;
  qrCode: string;
  secret: string;
  error?: string;
  correlationId?: string;
}

/** A second factor is a must here: the person sets up an authenticator app. */
export function EnrolPage({ hidden, qrCode, secret, error, correlationId }: EnrolPageProps): JSX.Element {
  return (
    <GatePage page="enrol" title="Set up a second factor">
      <div class="stack tight">
        <h1>
          <T s="Set up a second factor" />
        </h1>
        <p class="muted">
          <T s="Your password alone is not enough here. You need an authenticator app on your phone." />
        </p>
      </div>
      {error !== undefined && <Refusal error={error} correlationId={correlationId} />}
      <TotpEnrolmentForm
        action="/login/enrol"
        hidden={hidden}
        qrCode={qrCode}
        secret={secret}
        describedBy={error === undefined ? undefined : REFUSAL_ID}
        submit="Continue"
      />
    </GatePage>
  );
}

/** The second factor is made; its recovery codes, and on to where the sign-in leads. */
export function EnrolledPage({ codes, next }: { codes: readonly string[]; next: string }): JSX.Element {
  return (
    <GatePage page="enrol" title="Your recovery codes">
      <h1>
        <T s="Your recovery codes" />
      </h1>
      <RecoveryCodeList codes={codes} />
      <a class="button" id="continue" href={next}>
        <T s="I have kept them" />
      </a>
    </GatePage>
  );
}
