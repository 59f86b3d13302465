/** The event of a logout token (Back-Channel Logout 1.0 §2.4). */
export const BACK_CHANNEL_LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';
