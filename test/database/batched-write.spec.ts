import { BatchedWrite } from '../../src/platform/database/batched-write.js';

/** Writes whatever it is given except `refused`, and remembers in which statements. */
function writing(answer: (items: string[]) => Promise<void> = async () => {}) {
  const statements: string[][] = [];
  const batch = new BatchedWrite<{ name: string; done?: boolean }, string>(
    ({ name }) => name,
    async (items) => {
      const names = items.map(({ name }) => name);
      statements.push(names);
      await answer(names);
      return new Map(items.filter(({ done = true }) => done).map(({ name }) => [name, `${name} is done`]));
    },
  );
  return { batch, statements };
}

it('writes what comes at the same time in one statement, in the order of the names', async () => {
  const { batch, statements } = writing();
  const answers = await Promise.all(['c', 'a', 'b'].map((name) => batch.add({ name })));
  expect(answers).toEqual(['c is done', 'a is done', 'b is done']);
  expect(statements).toEqual([['a', 'b', 'c']]);
});

it('tells each what came of its own', async () => {
  const { batch } = writing();
  const answers = await Promise.all([batch.add({ name: 'a' }), batch.add({ name: 'b', done: false })]);
  expect(answers).toEqual(['a is done', undefined]);
});

it('never writes one thing twice in a statement', async () => {
  const { batch, statements } = writing();
  await Promise.all(['a', 'a', 'b', 'a'].map((name) => batch.add({ name })));
  expect(statements).toEqual([['a', 'b'], ['a'], ['a']]);
});

it('begins the next batch, and a third, while one hangs; and no more at once', async () => {
  const hanging: (() => void)[] = [];
  const { batch, statements } = writing(() => new Promise((done) => hanging.push(done)));
  const answers: Promise<string | undefined>[] = [];
  for (const [count, name] of ['a', 'b', 'c'].entries()) {
    answers.push(batch.add({ name }));
    while (statements.length <= count) await new Promise(setImmediate);
  }
  answers.push(batch.add({ name: 'd' }), batch.add({ name: 'e' }));
  hanging[1]!();
  expect(await answers[1]).toBe('b is done');
  while (statements.length < 4) await new Promise(setImmediate);
  expect(statements).toEqual([['a'], ['b'], ['c'], ['d', 'e']]);
  for (const done of hanging) done();
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${name} is done`));
});

it.each([
  ['an error in what one of them brought is nobody’s answer: each goes its own way', '22P05', [undefined, undefined]],
  ['nobody knows what a connection that broke has done', 'ECONNRESET', 'thrown'],
  ['a database that stopped the statement is away', '57014', 'thrown'],
])('%s', async (_, code, expected) => {
  const { batch } = writing(() => Promise.reject(Object.assign(new Error(code), { code })));
  const answers = Promise.all([batch.add({ name: 'a' }), batch.add({ name: 'b' })]);
  if (expected === 'thrown') await expect(answers).rejects.toMatchObject({ code });
  else expect(await answers).toEqual(expected);
  await expect(batch.add({ name: 'c' }).catch(() => undefined)).resolves.toBeUndefined();
});
