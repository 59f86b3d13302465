import type { Transporter } from 'nodemailer';
import type { Options } from 'nodemailer/lib/smtp-transport/index.js';
import type { Mail, MailTransport } from './mail.js';

/** In milliseconds. */
const TIMEOUT = 15_000;

/**
 * Sends by SMTP (RFC 5321), and the one file that speaks nodemailer. `smtps:` is TLS from the start; `smtp:` upgrades by
 * STARTTLS, which is a must wherever the server is not on this machine.
 */
export class SmtpTransport implements MailTransport {
  private readonly options: Options;
  private transporter?: Promise<Transporter>;

  /** @param url `smtps://user:password@host:465`; @param from an address, or `Name <address>`. */
  constructor(
    url: string,
    private readonly from: string,
  ) {
    const { protocol, hostname, port, username, password } = new URL(url);
    const secure = protocol === 'smtps:';
    const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
    this.options = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || (secure ? 465 : 587)),
      secure,
      requireTLS: !secure && !local,
      ignoreTLS: !secure && local,
      ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
      connectionTimeout: TIMEOUT,
      greetingTimeout: TIMEOUT,
      socketTimeout: TIMEOUT,
      // A mail is what we wrote: nothing in it is a file or a URL to be read.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  async send({ to, subject, text, html }: Mail): Promise<void> {
    const transporter = await (this.transporter ??= this.open());
    await transporter.sendMail({
      from: this.from,
      // As an object it is one address; as text it would be parsed as a list.
      to: { name: '', address: to },
      subject,
      text,
      html,
      // RFC 3834: nobody's holiday message answers.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  }

  /** Loaded with the first mail. */
  private async open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport(this.options);
  }
}
