import { SMTPServer } from 'smtp-server';

/** A mail as it arrived at a real SMTP server. */
export interface Letter {
  /** Every recipient of the envelope. */
  recipients: string[];
  headers: Record<string, string>;
  raw: string;
  text: string;
  html: string;
}

/** A mail server in the test's hand. */
export class Mailbox {
  readonly letters: Letter[] = [];
  /** Refuses the next so many mails, for a while or for good. */
  refusals = 0;
  private waiting: (() => void)[] = [];
  private readonly server: SMTPServer;

  constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (this.refusals > 0) {
            this.refusals -= 1;
            done(new Error('mailbox busy'));
            return;
          }
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          this.letters.push(letterOf(Buffer.concat(chunks).toString('latin1'), recipients));
          done();
          for (const wake of this.waiting.splice(0)) wake();
        });
      },
    });
  }

  /** Listens on loopback; answers the URL. */
  async open(): Promise<string> {
    const listener = this.server.listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => listener.once('listening', resolve));
    return `smtp://127.0.0.1:${(listener.address() as { port: number }).port}`;
  }

  /** Waits for a mail and takes it out: the next one, whoever it is to. */
  async next(): Promise<Letter> {
    while (this.letters.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.letters.shift()!;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** The one URL in a mail's text. */
export function urlIn({ text }: { text: string }): URL {
  const [url] = /https?:\/\/\S+/.exec(text) ?? [];
  if (url === undefined) throw new Error(`no URL in: ${text}`);
  return new URL(url);
}

/** Path and query of the one URL in a mail's text. */
export function pathIn(letter: { text: string }): string {
  const { pathname, search } = urlIn(letter);
  return `${pathname}${search}`;
}

function letterOf(raw: string, recipients: string[]): Letter {
  const { headers, body } = split(raw);
  const [, boundary] = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '') ?? [];
  const parts =
    boundary === undefined ? [] : body.split(`--${boundary}`).map((part) => split(part.replace(/^\r\n/, '')));
  const content = (type: string) => {
    const part = parts.find((one) => one.headers['content-type']?.startsWith(type));
    const text = part ? decode(part.body, part.headers['content-transfer-encoding'] ?? '') : '';
    return text.replaceAll('\r\n', '\n');
  };
  return { recipients, headers, raw, text: content('text/plain'), html: content('text/html') };
}

function split(message: string): { headers: Record<string, string>; body: string } {
  const end = message.indexOf('\r\n\r\n');
  const lines = message
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers: Object.fromEntries(headers), body: message.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString();
  if (!/quoted-printable/i.test(encoding)) return Buffer.from(body, 'latin1').toString();
  const octets = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString();
}
