import { RevocationLog } from '../../src/authorizations/revocation-log.js';
import { LogWatch } from '../../src/identity-provider/signals/log-watch.js';
import { eventually } from '../relying-party/feed-world.js';
import type { House, PersonBrowser, Tokens } from '../support/house.js';

/**
 * People who sign out while nobody confirms it: the provider answers them a second later, and a test that is about something
 * else need not wait for that.
 */
export class SignOuts {
  private readonly answers: Promise<number>[] = [];

  constructor(private readonly house: House) {}

  /** Resolves when it is done and can be told. */
  async begin({ browser, tokens }: { browser: PersonBrowser; tokens: Tokens }): Promise<void> {
    const { seq } = await this.house.part(RevocationLog).head();
    const answer = browser.get(`/logout?id_token_hint=${tokens.id_token}`);
    this.answers.push(answer.then(({ status }) => status));
    await Promise.race([
      eventually(() => this.house.part(LogWatch).head!.seq > seq, 'the sign-out is done'),
      // Whether it breaks.
      answer.then(() => new Promise(() => {})),
    ]);
  }

  /** The answers, once there are all. */
  statuses(): Promise<number[]> {
    return Promise.all(this.answers);
  }
}
