import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { hostCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { randomToken, Secrets } from '../platform/secret.js';

const COOKIE = '__Host-gatehouse-device';
const PURPOSE = 'known-device';
const LIFETIME_SECONDS = 180 * 86_400;

interface Device {
  id: string;
  sub: string;
  /** Epoch milliseconds. */
  since: number;
  /** When a second factor was last given here; epoch milliseconds. */
  secondFactorAt?: number;
}

/**
 * Remembers, in a sealed cookie, that a browser has signed in to an account before. It proves nothing about who sits there:
 * it gives such a browser a share of its own in the throttle, which an attacker elsewhere cannot use up, and under the policy
 * `new-device` it spares the second factor where one was given before.
 */
@Injectable()
export class KnownDevice {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** The id of this device when it has signed in to this account before. */
  find(exchange: HttpExchange, sub: string): string | undefined {
    const device = this.open(exchange);
    return device?.sub === sub ? device.id : undefined;
  }

  /** This device, and the account it is known by. */
  known(exchange: HttpExchange): { id: string; sub: string } | undefined {
    return this.open(exchange);
  }

  /** When this account's second factor was last given on this device, in epoch milliseconds; undefined when it never was. */
  secondFactorAt(exchange: HttpExchange, sub: string): number | undefined {
    const device = this.open(exchange);
    return device?.sub === sub ? device.secondFactorAt : undefined;
  }

  /** Notes a sign-in; a device that is known keeps its id, so signing in again buys no fresh share. */
  remember(exchange: HttpExchange, sub: string, { secondFactor }: { secondFactor: boolean }): void {
    const now = this.clock.now();
    const known = this.open(exchange);
    const before = known?.sub === sub ? known : undefined;
    const secondFactorAt = secondFactor ? now : before?.secondFactorAt;
    const device: Device = {
      id: before?.id ?? randomToken(16),
      sub,
      since: now,
      ...(secondFactorAt === undefined ? {} : { secondFactorAt }),
    };
    const sealed = this.secrets.seal(PURPOSE, JSON.stringify(device)).toString('base64url');
    exchange.setCookie(hostCookie(COOKIE, sealed, LIFETIME_SECONDS));
  }

  private open(exchange: HttpExchange): Device | undefined {
    const sealed = exchange.cookies.get(COOKIE);
    if (!sealed || sealed.length > 1024) return undefined;
    const opened = this.secrets.open(PURPOSE, Buffer.from(sealed, 'base64url'));
    if (!opened) return undefined;
    const device = JSON.parse(opened.toString()) as Device;
    return device.since + LIFETIME_SECONDS * 1000 > this.clock.now() ? device : undefined;
  }
}
