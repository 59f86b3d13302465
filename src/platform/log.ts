import type { LoggerService } from '@nestjs/common';
import { type Logger, pino, type LevelWithSilent } from 'pino';
import { currentTracing } from './tracing.js';

/** Nest's log through pino: one JSON line per event on standard error. Nothing that looks like a secret gets through. */
export class PinoLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: LevelWithSilent, name: string) {
    this.pino = pino({ level, name, base: { name }, mixin: traceOf }, pino.destination({ fd: 2, sync: true }));
  }

  log(message: unknown, ...context: unknown[]): void {
    this.write('info', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.write('error', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.write('trace', message, context);
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.write('fatal', message, context);
  }

  /** Nest gives the context last; before it may come a stack, which belongs into the log and nowhere else. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const texts = rest.filter((one): one is string => typeof one === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : undefined;
    const text = message instanceof Error ? `${message.name}: ${message.message}` : String(message);
    this.pino[level]({ ...(context ? { context } : {}), ...(stack ? { stack: redact(stack) } : {}) }, redact(text));
  }
}

/** Where traces are recorded, a line says which one it belongs to. */
function traceOf(): object {
  const traceId = currentTracing()?.traceId();
  return traceId === undefined ? {} : { trace_id: traceId };
}

const NAMES =
  '(?:client_|subject_|actor_|refresh_|access_|id_|logout_|initial_)?(?:secret|token)|id_token_hint|passw(?:or)?d|' +
  'client_assertion|assertion|code_verifier|device_code|user_code|csrf|otp';

const SECRETS: [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g, '[token]'],
  [/\b((?:postgres(?:ql)?|rediss?|smtps?|https?):\/\/[^:@/\s]*):[^@\s]*@/gi, '$1:[secret]@'],
  [/\b(bearer|basic|dpop)\s+[\w\-.~+/]+=*/gi, '$1 [secret]'],
  [new RegExp(`\\b(${NAMES}|code)=[^&\\s"]+`, 'gi'), '$1=[secret]'],
  [new RegExp(`"(${NAMES})"\\s*:\\s*"[^"]*"`, 'gi'), '"$1":"[secret]"'],
  [/\b((?:set-)?cookie:)[^\n]*/gi, '$1 [secret]'],
  [/(__(?:Host|Secure)-[\w.-]+)=[^;\s"]+/g, '$1=[secret]'],
];

/** Takes out what must not be in a log, whoever put it there. */
export function redact(text: string): string {
  return SECRETS.reduce((left, [pattern, replacement]) => left.replace(pattern, replacement), text);
}
