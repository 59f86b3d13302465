import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, statement } from '../platform/database/database.js';
import { digest, randomOctets, Secrets } from '../platform/secret.js';

const RANDOM_OCTETS = 16;
const TIME_OCTETS = 6;
const TAG_OCTETS = 24;

/** As long as an interaction: the sign-in page may stay open for that long. In milliseconds. */
const LIFETIME = 60 * 60_000;

const SPEND = statement(`
  INSERT INTO spent_challenge (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS spent`);
const SWEEP = statement(`DELETE FROM spent_challenge WHERE expires_at <= $1`);

/**
 * Challenges that a browser's authenticator signs: random ‖ end ‖ HMAC over them, the browser, and what they are for. Giving one
 * out writes nothing, so a page may carry one for every visitor; each counts once, however many processes it comes back to.
 */
@Injectable()
export class Challenges {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @param about what the answer will be good for: a challenge of another step, page or session does not fit. */
  make(browserId: string, about: string): Buffer {
    const end = Buffer.alloc(TIME_OCTETS);
    end.writeUIntBE(this.clock.now() + LIFETIME, 0, TIME_OCTETS);
    const head = Buffer.concat([randomOctets(RANDOM_OCTETS), end]);
    const tag = this.secrets.authenticate('challenge', message(head, browserId, about)).subarray(0, TAG_OCTETS);
    return Buffer.concat([head, tag]);
  }

  /** Whether we made it for this, and it comes back for the first time and in time. */
  async spend(challenge: Buffer, browserId: string | undefined, about: string): Promise<boolean> {
    const length = RANDOM_OCTETS + TIME_OCTETS + TAG_OCTETS;
    if (challenge.length !== length || browserId === undefined) return false;
    const head = challenge.subarray(0, RANDOM_OCTETS + TIME_OCTETS);
    const expiresAt = head.readUIntBE(RANDOM_OCTETS, TIME_OCTETS);
    const tag = challenge.subarray(RANDOM_OCTETS + TIME_OCTETS);
    if (!this.secrets.isAuthentic('challenge', message(head, browserId, about), tag)) return false;
    if (expiresAt <= this.clock.now()) return false;
    return (await this.database.query(SPEND, [digest(challenge), expiresAt])).length > 0;
  }

  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now()]);
  }
}

function message(head: Buffer, browserId: string, about: string): Buffer {
  return Buffer.concat([head, Buffer.from(`${browserId}\0${about}`)]);
}
