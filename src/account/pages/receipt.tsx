import type { JSX } from 'preact';
import type { Receipt } from '../../authorizations/revocation-receipts.js';
import { Enforced } from '../../platform/pages/enforced.js';
import { Text } from '../../platform/pages/text.js';
import { T, useWords } from '../../platform/pages/words.js';

/** Which applications have confirmed that an end is in force there; nothing where none follows the revocation feed. */
export function ReceiptView({ receipt }: { receipt: Receipt }): JSX.Element | null {
  const { t } = useWords();
  const { applications, enforced, milliseconds } = receipt;
  if (applications.length === 0) return null;
  return (
    <section class="stack near" aria-labelledby="receipt-title" id="receipt">
      <h2 id="receipt-title">
        <Enforced enforced={enforced} applications={applications.length} milliseconds={milliseconds} />
      </h2>
      <ul class="doors">
        {applications.map(({ name, instances, enforced: done }) => (
          <li class="entry">
            <strong>
              <Text value={name} fallback={t('Unnamed application')} />
            </strong>
            <div class="small muted">
              {done ? (
                <T s="Confirmed" />
              ) : (
                <T
                  s="{done} of {total} confirmed so far"
                  done={instances.filter(({ enforcedAt }) => enforcedAt !== undefined).length}
                  total={instances.length}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
