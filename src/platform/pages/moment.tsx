import { createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { standard } from '../languages/languages.js';
import { useWords } from './words.js';

/** The time zone of the page that is rendered (a name of the IANA database): UTC where nobody told us where the person is. */
export const TimeZoneContext = createContext('UTC');

const STYLE = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

/** Dear to make, so the latest are kept. */
const formats = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATS = 50;

function formatFor(tag: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${tag} ${timeZone}`;
  let format = formats.get(key);
  if (!format) {
    if (formats.size === MOST_FORMATS) formats.clear();
    formats.set(key, (format = new Intl.DateTimeFormat(standard(tag), { ...STYLE, timeZone })));
  }
  return format;
}

/** A moment in epoch milliseconds, as the people of the page's language write it, with the time zone that it is told in. */
export function Moment({ at }: { at: number }): JSX.Element {
  const { language } = useWords();
  const date = new Date(at);
  const text = formatFor(language.tag, useContext(TimeZoneContext)).format(date);
  return <time dateTime={date.toISOString()}>{text}</time>;
}

/** A time zone that dates can be told in, or nothing. */
export function knownTimeZone(name: unknown): string | undefined {
  if (typeof name !== 'string' || !/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
