import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { isLoopbackOrigin } from '../../../platform/config.js';
import { DEMO_CLIENTS, DEMO_PORT_BASE } from '../../support/demo.js';
import { collect, printable, Refusal, type Surroundings, UsageError } from '../answer.js';
import { terminalQrCode } from './terminal-qr-code.js';
import { KeptTokens, type TerminalSession } from './kept-tokens.js';

interface LoginOptions {
  issuer?: string;
  clientId?: string;
  scope?: string;
  resource?: string;
  device?: boolean;
  browser: boolean;
  /** False with `--no-qr-code`. */
  qrCode: boolean;
}

interface CallOptions {
  issuer?: string;
  request?: string;
  data?: string;
  header?: string[];
  include?: boolean;
}

const DEMO_ISSUER = `http://localhost:${DEMO_PORT_BASE}`;
const DEFAULT_SCOPE = 'openid profile offline_access orders:read';

/** `login`, `logout`, `call`: a person at the terminal, signed in as an application on their own machine is (RFC 8252). */
export function nativeCommands(program: Command, at: Surroundings): void {
  const tokens = new KeptTokens(at.env);

  program
    .command('login')
    .description('sign in from the terminal, by a browser here or (--device) anywhere')
    .option('--issuer <url>', `the provider (default: ${DEMO_ISSUER}, the demo)`)
    .option('--client-id <id>', 'this program as the provider knows it: a native, public client')
    .option('--scope <scope>', `what to ask for (default: ${DEFAULT_SCOPE})`)
    .option('--resource <url>', 'the API that the token is for')
    .option('--device', 'show a code to enter in a browser on any device')
    .option('--no-qr-code', 'with --device: no QR code beside the address and the code')
    .option('--no-browser', 'show the address and do not open it')
    .action(async (options: LoginOptions) => {
      const session = await signIn(options, at);
      const earlier = await tokens.find(session.issuer);
      await tokens.alone(() => tokens.keep(session));
      // What is replaced must not live on.
      if (earlier) await end(earlier).catch(() => undefined);
      at.output.write(`Signed in as ${printable(session.name)}.\n`);
    });

  program
    .command('logout')
    .description('forget the tokens of this terminal, and revoke them at the provider')
    .option('--issuer <url>', 'the provider (default: where you signed in last)')
    .action(async ({ issuer }: { issuer?: string }) => {
      const session = await tokens.find(issuer);
      if (!session) throw new Refusal('You are not signed in.');
      // Forgotten here first, whether the provider answers or not.
      await tokens.alone(() => tokens.forget(session.issuer));
      await end(session).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : '';
        throw new Refusal(`The tokens are forgotten here, but ${session.issuer} was not told: ${reason}`);
      });
      at.output.write('Signed out.\n');
    });

  program
    .command('call <url>')
    .description('ask an API as the person who is signed in; prints the answer')
    .option('--issuer <url>', 'whose token to send (default: where you signed in last)')
    .option('-X, --request <method>', 'the method (default: GET, with data POST)')
    .option('-d, --data <json>', 'a body, as JSON')
    .option('-H, --header <line>', 'another header, `Name: value` (repeatable)', collect)
    .option('-i, --include', 'print the status and the headers, too')
    .action(async (url: string, options: CallOptions) => {
      const target = targetOf(url);
      const session = await tokens.alone(() => living(tokens, options.issuer));
      await call(target, session, options, at);
    });
}

async function signIn(options: LoginOptions, { errors }: Surroundings): Promise<TerminalSession> {
  const { issuer = DEMO_ISSUER, scope = DEFAULT_SCOPE, resource, device = false } = options;
  const isDemo = URL.canParse(issuer) && isLoopbackOrigin(issuer);
  const demo = device ? DEMO_CLIENTS.terminal.id : DEMO_CLIENTS.native.id;
  const clientId = options.clientId ?? (isDemo ? demo : undefined);
  if (clientId === undefined) throw new UsageError('Say which client this is at that provider: --client-id');
  const { NativeClient } = await import('./native-client.js');
  const client = await NativeClient.of(issuer, clientId);
  const wanted = { scope, resource };
  if (device) {
    return client.signInByDevice(wanted, async (code, uri, complete) => {
      errors.write(`Open ${printable(uri)} on any device, and enter the code:\n\n  ${printable(code)}\n\n`);
      if (complete === undefined) return;
      const qrCode = options.qrCode && errors.isTTY ? await terminalQrCode(complete, errors.columns) : undefined;
      errors.write(
        qrCode === undefined ? `Or open ${printable(complete)}\n` : `Or scan this with a phone:\n\n${qrCode}\n`,
      );
    });
  }
  return client.signInByBrowser(wanted, (url) => {
    errors.write(`Open this address to sign in:\n\n  ${printable(url)}\n\n`);
    if (options.browser && errors.isTTY) openBrowser(url);
  });
}

/** The address is shown as well, so a browser that does not open is no failure. */
function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  spawn(program!, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

async function end(session: TerminalSession): Promise<void> {
  const { NativeClient } = await import('./native-client.js');
  await (await NativeClient.of(session.issuer, session.clientId)).revoke(session);
}

/** The session, its token renewed when it was about to end; what was renewed is kept before it is used. */
async function living(tokens: KeptTokens, issuer: string | undefined): Promise<TerminalSession> {
  const session = await tokens.find(issuer);
  if (!session) throw new Refusal('You are not signed in: run nest-gatehouse login.');
  const { NativeClient } = await import('./native-client.js');
  const renewed = await (await NativeClient.of(session.issuer, session.clientId)).renewed(session);
  if (!renewed) {
    await tokens.forget(session.issuer);
    throw new Refusal('Your sign-in has ended: run nest-gatehouse login.');
  }
  if (renewed !== session) await tokens.keep(renewed);
  return renewed;
}

/** @throws UsageError where a token would travel unprotected */
function targetOf(url: string): URL {
  if (!URL.canParse(url)) throw new UsageError(`'${url}' is not a URL.`);
  const target = new URL(url);
  const isSecure = target.protocol === 'https:' || (target.protocol === 'http:' && isLoopbackOrigin(target.origin));
  if (!isSecure) throw new UsageError('The URL must be https (http is for loopback only): a token goes with it.');
  if (target.username || target.password) throw new UsageError('The URL must not hold a password.');
  return target;
}

async function call(
  target: URL,
  { accessToken }: TerminalSession,
  { request, data, header = [], include = false }: CallOptions,
  { output }: Surroundings,
): Promise<void> {
  const headers = new Headers({ accept: 'application/json, */*;q=0.5' });
  if (data !== undefined) headers.set('content-type', 'application/json');
  for (const line of header) {
    const [, name, value] = /^([A-Za-z0-9-]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new UsageError(`'${line}' is no header: write Name: value`);
    headers.set(name, value!);
  }
  headers.set('authorization', `Bearer ${accessToken}`);
  const method = request ?? (data === undefined ? 'GET' : 'POST');
  // A redirect could take the token elsewhere.
  const answer = await fetch(target, { method, headers, redirect: 'manual', ...(data === undefined ? {} : { body: data }) }).catch(() => undefined); // prettier-ignore
  if (!answer) throw new Refusal(`${target.origin} does not answer.`);
  if (include) {
    output.write(`${answer.status} ${answer.statusText}\n`);
    for (const [name, value] of answer.headers) output.write(`${name}: ${value}\n`);
    output.write('\n');
  }
  output.write(new Uint8Array(await answer.arrayBuffer()));
  if (!answer.ok) {
    const challenge = answer.headers.get('www-authenticate');
    const detail = challenge === null ? '' : `: ${printable(challenge)}`;
    throw new Refusal(`\n${target.origin} answered ${answer.status}${detail}`);
  }
}
