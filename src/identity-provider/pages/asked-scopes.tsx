import type { JSX } from 'preact';
import { Text } from '../../platform/pages/text.js';
import { T, useWords } from '../../platform/pages/words.js';

/** What a client asks for, each scope with a sentence a person understands, and where it will be used. */
export interface AskedScopesProps {
  scopes: { scope: string; description: string }[];
  /** Audiences of the access token (RFC 8707), when they are not the provider itself. */
  resources?: string[];
}

/** The list of what a person is asked to allow. */
export function AskedScopes({ scopes, resources = [] }: AskedScopesProps): JSX.Element {
  const { said } = useWords();
  return (
    <section class="box stack near" aria-labelledby="asks">
      <h2 id="asks">
        <T s="It will be able to" />
      </h2>
      <ul class="list">
        {scopes.length === 0 && (
          <li>
            <Check />
            <span>
              <T s="Know that it is you, and nothing else about you" />
            </span>
          </li>
        )}
        {scopes.map(({ scope, description }) => (
          <li>
            <Check />
            <span>
              <Text value={said(description)} fallback={scope} />{' '}
              <code class="muted">
                <Text value={scope} />
              </code>
            </span>
          </li>
        ))}
      </ul>
      {resources.length > 0 && (
        <p class="muted">
          <T
            s="Used at {places}"
            places={resources.map((resource, index) => (
              <>
                {index > 0 && ', '}
                <code>
                  <Text value={resource} />
                </code>
              </>
            ))}
          />
        </p>
      )}
    </section>
  );
}

function Check(): JSX.Element {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false">
      <path
        d="M3.5 9.5l3.5 3.5 7.5-8"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
