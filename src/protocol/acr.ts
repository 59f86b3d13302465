/** Authentication Context Class References that the provider can vouch for, weakest first. */
export const ACR_PASSWORD = 'urn:gatehouse:pwd';
export const SUPPORTED_ACRS: readonly string[] = [ACR_PASSWORD];
/** Authentication Methods References of a password (RFC 8176 §2). */
export const AMR_PASSWORD: readonly string[] = ['pwd'];
