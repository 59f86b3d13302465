import type { JSX } from 'preact';
import { duration } from '../languages/languages.js';
import { T, useWords } from './words.js';

export interface EnforcedCounts {
  enforced: number;
  applications: number;
  milliseconds?: number | undefined;
}

/** How many applications have confirmed that an end is in force there, and how long it took. */
export function Enforced({ enforced, applications, milliseconds }: EnforcedCounts): JSX.Element {
  const { language } = useWords();
  if (milliseconds === undefined) {
    const s = '{enforced} of {applications} applications enforced it.';
    return <T s={s} enforced={enforced} applications={applications} />;
  }
  return (
    <T
      s="{enforced} of {applications} applications enforced it, in {time}."
      enforced={enforced}
      applications={applications}
      time={duration(language, milliseconds, 'millisecond', 'short')}
    />
  );
}
