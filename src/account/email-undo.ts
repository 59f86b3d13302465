/** The purpose of the link that takes a change of address back. */
export const UNDO = 'email-undo';

/** How long the link is good, in milliseconds. */
export const UNDO_LIFETIME = 7 * 86_400_000;
