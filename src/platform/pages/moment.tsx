import type { JSX } from 'preact';
import { useWords } from './words.js';

const formats = new Map<string, Intl.DateTimeFormat>();

/** As the people of a language write it; English ones as most of the world does, the day first. */
function formatFor(tag: string): Intl.DateTimeFormat {
  let format = formats.get(tag);
  if (!format) {
    const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const;
    formats.set(tag, (format = new Intl.DateTimeFormat(tag === 'en' ? 'en-GB' : tag, style)));
  }
  return format;
}

/** A moment in epoch milliseconds, as people read it: in UTC, because nobody told us where they are. */
export function Moment({ at }: { at: number }): JSX.Element {
  const { language } = useWords();
  const date = new Date(at);
  return <time dateTime={date.toISOString()}>{formatFor(language.tag).format(date)} UTC</time>;
}
