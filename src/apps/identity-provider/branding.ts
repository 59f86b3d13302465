import { type Branding, BrandingError, type BrandingOptions, readBranding } from '../../platform/branding/branding.js';
import { ConfigError } from '../../platform/config.js';
import type { IdentityProviderConfig } from './config.js';

/** Which setting is which option. */
const SETTINGS = {
  accent: 'BRAND_ACCENT',
  accentDark: 'BRAND_ACCENT_DARK',
  logo: 'BRAND_LOGO',
  logoDark: 'BRAND_LOGO_DARK',
  mailLogo: 'BRAND_MAIL_LOGO',
  css: 'BRAND_CSS',
  pages: 'PAGES_DIR',
  languages: 'LANGUAGES_DIR',
} as const;

/** The options that are set. */
export function brandingOf(
  set: Partial<Record<(typeof SETTINGS)[keyof typeof SETTINGS], string>>,
): IdentityProviderConfig['branding'] {
  const options = Object.entries(SETTINGS).map(([option, setting]) => [option, set[setting]] as const);
  return Object.fromEntries(options.filter(([, value]) => value !== undefined));
}

/** Reads what the settings name. @throws ConfigError naming the setting */
export async function openBranding({ issuer, siteName, branding }: IdentityProviderConfig): Promise<Branding> {
  try {
    return await readBranding({ issuer, name: siteName, ...branding });
  } catch (error) {
    if (!(error instanceof BrandingError)) throw error;
    throw new ConfigError(`The configuration is not right.\n  ${settingOf(error.option)}: ${error.problem}`);
  }
}

function settingOf(option: Exclude<keyof BrandingOptions, 'issuer'>): string {
  return option === 'name' ? 'SITE_NAME' : SETTINGS[option];
}
