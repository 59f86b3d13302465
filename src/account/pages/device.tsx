import type { JSX } from 'preact';
import { T } from '../../platform/pages/words.js';
import { deviceOf } from '../device-name.js';

/** What a browser calls itself, as its owner would: `Firefox on Windows`. */
export function Device({ userAgent }: { userAgent: string }): JSX.Element {
  const { browser, system } = deviceOf(userAgent);
  if (browser && system) return <T s="{browser} on {system}" browser={browser} system={system} />;
  const known = browser ?? system;
  return known ? <>{known}</> : <T s="Unknown browser" />;
}
