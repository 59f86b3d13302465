import type { JSX } from 'preact';

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** A moment in epoch milliseconds, as people read it: in UTC, because nobody told us where they are. */
export function Moment({ at }: { at: number }): JSX.Element {
  const date = new Date(at);
  return <time dateTime={date.toISOString()}>{FORMAT.format(date)} UTC</time>;
}
