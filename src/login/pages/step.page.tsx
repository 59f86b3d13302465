import type { ComponentChildren, JSX } from 'preact';
import { GatePage } from '../../platform/pages/layout.js';
import { Refusal } from './refusal.js';
import { Said } from '../../platform/pages/words.js';

/** A page on the way to a sign-in: a heading, why the last form was refused, what there is, and where else to go. */
export function StepPage({
  title,
  error,
  correlationId,
  back,
  children,
}: {
  title: string;
  error?: string;
  correlationId?: string;
  back?: { label: string; url: string };
  children: ComponentChildren;
}): JSX.Element {
  return (
    <GatePage page="step" title={title}>
      <h1>
        <Said text={title} />
      </h1>
      {error !== undefined && <Refusal error={error} correlationId={correlationId} />}
      {children}
      {back && (
        <p class="small">
          <a href={back.url}>
            <Said text={back.label} />
          </a>
        </p>
      )}
    </GatePage>
  );
}
