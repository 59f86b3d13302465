/** The response types that are served (OAuth 2.0 Multiple Response Type Encoding Practices §3). */
export const SUPPORTED_RESPONSE_TYPES = ['code'] as const;
/** The response modes that are served. */
export const SUPPORTED_RESPONSE_MODES = ['query'] as const;
