import { BusyError, Turnstile } from '../../src/users/turnstile.js';

it('BF-16: lets so many in at once, in order, and turns away what would wait too long', async () => {
  const turnstile = new Turnstile(2, 3);
  let inside = 0;
  let most = 0;
  const done: number[] = [];
  const work = (name: number) => async () => {
    most = Math.max(most, (inside += 1));
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    done.push(name);
  };
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((name) => turnstile.run(work(name))));
  expect(most).toBe(2);
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(results.slice(5).map((result) => (result as PromiseRejectedResult).reason)).toEqual([
    expect.any(BusyError),
    expect.any(BusyError),
  ]);
});

it('frees the place of work that failed', async () => {
  const turnstile = new Turnstile(1, 0);
  await expect(turnstile.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(turnstile.run(async () => 'yes')).resolves.toBe('yes');
});
