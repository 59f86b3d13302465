import type { JSX } from 'preact';
import type { Receipt } from '../../authorizations/revocation-receipts.js';
import { Text } from '../../platform/pages/text.js';

/** Which applications have confirmed that an end is in force there; nothing where none follows the revocation feed. */
export function ReceiptView({ receipt }: { receipt: Receipt }): JSX.Element | null {
  const { applications, enforced, milliseconds } = receipt;
  if (applications.length === 0) return null;
  return (
    <section class="stack near" aria-labelledby="receipt-title" id="receipt">
      <h2 id="receipt-title">
        {enforced} of {applications.length} {applications.length === 1 ? 'application' : 'applications'} enforced it
        {milliseconds === undefined ? '' : `, in ${milliseconds} ms`}
      </h2>
      <ul class="doors">
        {applications.map(({ name, instances, enforced: done }) => (
          <li class="entry">
            <strong>
              <Text value={name} fallback="Unnamed application" />
            </strong>
            <div class="small muted">
              {done
                ? 'Confirmed'
                : `${instances.filter(({ enforcedAt }) => enforcedAt !== undefined).length} of ${instances.length} confirmed so far`}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
