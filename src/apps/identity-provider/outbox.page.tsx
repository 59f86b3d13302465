import type { JSX } from 'preact';
import type { Mail } from '../../platform/mail/mail.js';
import { GatePage } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { linkUrl } from '../../platform/pages/web-url.js';
import { InEnglish } from '../../platform/pages/words.js';

/** The latest mails, as text; their links work. */
export function OutboxPage({ mails }: { mails: readonly (Mail & { id: string; at: number })[] }): JSX.Element {
  return (
    <InEnglish>
      <GatePage title="Outbox · Gatehouse">
        <h1>Outbox</h1>
        <p class="muted">
          No mail server is set up (SMTP_URL), so mails are kept here, and sent to nobody. Latest first.
        </p>
        {mails.length === 0 && <p>There are none yet.</p>}
        {mails.map(({ id, to, subject, text, at }) => (
          <article class="box stack near" id={`mail-${id}`}>
            <h2>
              <Text value={subject} />
            </h2>
            <p class="muted small">
              to <Text value={to} longest={254} />
              <br />
              {new Date(at).toUTCString()}
            </p>
            <p class="letter">{linked(text)}</p>
          </article>
        ))}
      </GatePage>
    </InEnglish>
  );
}

/** Plain text with its addresses as links. */
function linked(text: string): (string | JSX.Element)[] {
  return text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 ? <a href={linkUrl(part)}>{part}</a> : part));
}
