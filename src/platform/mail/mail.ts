/** A mail as it is sent: one recipient, both forms of one text. */
export interface Mail {
  /** An address alone, without a name. */
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Carries mails away. It is asked again later when it throws. */
export interface MailTransport {
  send(mail: Mail): Promise<void>;
}
