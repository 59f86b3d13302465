import { z } from 'zod';

/** A full URL, https or http. */
export const webUrl = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
  error: 'must be a full URL, with https:// (or http:// on loopback)',
});

/** An issuer identifier (OpenID Connect Discovery 1.0 §2): https, except on loopback. */
export const issuerUrl = webUrl
  .refine((value) => !/[?#]/.test(value), 'must have neither query nor fragment')
  .refine(isSecure, 'must be https://');

/** Whether nobody between can read it: https, or it does not leave this machine. */
export function isSecure(url: string): boolean {
  return !url.startsWith('http:') || isLoopback(url);
}

/** Whether a URL can only be reached from this machine: development, not production. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname); // prettier-ignore
}
