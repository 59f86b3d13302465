import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RevocationLog } from '../../src/authorizations/revocation-log.js';
import { LogWatch } from '../../src/identity-provider/signals/log-watch.js';
import { type House, openHouse } from '../support/house.js';

let house: House;
let neighbour: House;
beforeAll(async () => {
  house = await openHouse();
  const { databaseUrl, clock, issuer } = house;
  neighbour = await openHouse({ databaseUrl, clock, issuer });
});
afterAll(async () => {
  await neighbour.close();
  await house.close();
});

const watchOf = (of: House) => of.part(LogWatch);
const logOf = (of: House) => of.part(RevocationLog);

function revoke({ authorizations, clock }: House, queryable?: Parameters<typeof authorizations.revoke>[2]) {
  const expiresAtSeconds = Math.floor(clock.now() / 1000) + 600;
  const token = { jti: randomUUID(), expiresAtSeconds, clientId: 'rp-a' };
  return authorizations.revoke({ token }, 'revoked_by_client', queryable);
}

/** Until every process has read the log up to here. */
async function upToDate(): Promise<number> {
  const { seq } = await logOf(house).head();
  while ([house, neighbour].some((one) => (watchOf(one).head?.seq ?? -1) < seq)) await pause(5);
  return seq;
}

describe('what a process appends itself', () => {
  it('is known to it when it is committed, without a read', async () => {
    await upToDate();
    const { seq } = await revoke(house);
    expect(watchOf(house).head?.seq).toBe(seq);
    expect(await watchOf(house).find(seq!)).toEqual(await logOf(house).find(seq!));
  });

  it('of several lines in one statement: all of them', async () => {
    const seq = await upToDate();
    const sids: string[] = [];
    for (const browser of [house.browser(), house.browser()]) {
      const { tokens } = await house.codeFlow({}, { browser });
      sids.push(JSON.parse(Buffer.from(tokens.access_token.split('.')[1]!, 'base64url').toString()).sid as string);
    }
    const revoked = await house.authorizations.revoke({ sessions: sids }, 'sign_out');
    expect(revoked.seq).toBe(seq + 2);
    const lines = await watchOf(house).after(seq, 10);
    expect(lines).toEqual(await logOf(house).after(seq, 10));
    expect(lines.map(({ sid }) => sid).sort()).toEqual(sids.sort());
  });

  it('in a transaction: not before its end, and never when it is undone', async () => {
    const before = await upToDate();
    await house.database.transaction(async (transaction) => {
      await revoke(house, transaction);
      expect(watchOf(house).head?.seq).toBe(before);
    });
    expect(watchOf(house).head?.seq).toBe(before + 1);

    const undone = house.database.transaction(async (transaction) => {
      await revoke(house, transaction);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await logOf(house).head()).seq).toBe(before + 1);
    expect(watchOf(house).head?.seq).toBe(before + 1);
  });

  it('is told in the order of commits, however many append at once in two processes', async () => {
    const before = await upToDate();
    const { epoch } = watchOf(house).head!;
    const seen: number[] = [];
    const stop = watchOf(house).onNews(() => seen.push(watchOf(house).head!.seq));
    const revocations = Array.from({ length: 40 }, async (_, index) => {
      await revoke(index % 2 === 0 ? house : neighbour);
      // Reads of the log come between.
      await watchOf(index % 3 === 0 ? house : neighbour).read();
    });
    await Promise.all(revocations);
    expect(await upToDate()).toBe(before + 40);
    stop();
    const written = await logOf(house).after(before, 100);
    for (const one of [house, neighbour]) {
      expect(watchOf(one).head).toMatchObject({ epoch, seq: before + 40 });
      expect(await watchOf(one).after(before, 100)).toEqual(written);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(house.log.join()).not.toContain('put back');
  });

  it('by a neighbour that died before it could say so is read by the others', async () => {
    const before = await upToDate();
    // As a process of the version before appends: by the older function, which answers a number.
    await house.database.query({
      name: 'older_append',
      text: `SELECT revocation_append('token', $1, NULL, NULL, NULL, 'rp-a', 'administrative', '{rp-a}', '{}', 1, $2) AS seq`,
    }, [randomUUID(), house.clock.now() + 600_000]); // prettier-ignore
    const { seq } = await revoke(house);
    expect(seq).toBe(before + 2);
    expect(await upToDate()).toBe(before + 2);
    expect((await watchOf(house).after(before, 10)).map((line) => line.seq)).toEqual([before + 1, before + 2]);
  });

  it('is read soon all the same when its answer was lost on the way', async () => {
    let ticks = 0;
    watchOf(house).everySecond(async () => void (ticks += 1));
    let early = 0;
    for (let lost = 0; lost < 20; lost += 1) {
      // A transaction of several lines, of which PostgreSQL notifies once, is no credit.
      await house.database.transaction(async (transaction) => {
        for (let line = 0; line < 3; line += 1) await revoke(house, transaction);
      });
      // As a statement whose connection broke after the commit: nobody says what it appended.
      const untold = jest.spyOn(logOf(house), 'tellAppended').mockImplementation(() => {});
      const { seq } = await revoke(house);
      untold.mockRestore();
      const before = ticks;
      while (watchOf(house).head!.seq < seq!) await pause(5);
      if (ticks === before) early += 1;
    }
    // Not only when the log is read in any case: that has happened, too, where something else took its time.
    expect(early).toBeGreaterThan(10);
  });
});

it('its end waits for what it does every second', async () => {
  const { databaseUrl, clock, issuer } = house;
  const closing = await openHouse({ databaseUrl, clock, issuer });
  let begin!: () => void;
  let finish!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  watchOf(closing).everySecond(() => (begin(), finished));
  await begun;
  let isClosed = false;
  const closed = closing.close().finally(() => (isClosed = true));
  await pause(300);
  expect(isClosed).toBe(false);
  finish();
  await closed;
});
