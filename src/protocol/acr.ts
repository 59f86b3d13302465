/** Authentication Context Class References that the provider can vouch for, weakest first. */
export const ACR_PASSWORD = 'urn:gatehouse:pwd';
export const SUPPORTED_ACRS: readonly string[] = [ACR_PASSWORD];
