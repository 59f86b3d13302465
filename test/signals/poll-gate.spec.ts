import { setImmediate as nextTurn } from 'node:timers/promises';
import { PollGate } from '../../src/identity-provider/signals/poll-gate.js';

/** Comes to the gate; says so when it is let in. */
function coming(gate: PollGate, count: number, letIn: number[]): Promise<void>[] {
  return Array.from({ length: count }, async (_, index) => {
    await gate.pass();
    letIn.push(index);
  });
}

/** A gate that was closed before so many came. */
function closedTo(count: number) {
  const gate = new PollGate();
  const letIn: number[] = [];
  gate.close();
  return { gate, letIn, all: coming(gate, count, letIn) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the gate before polls', () => {
  it('holds nobody back while it is open', async () => {
    const letIn: number[] = [];
    await Promise.all(coming(new PollGate(), 3, letIn));
    expect(letIn).toEqual(numbers(3));
  });

  it('lets in whom it held back, in their order, some in each turn', async () => {
    const { gate, letIn, all } = closedTo(200);
    await nextTurn();
    expect(letIn).toEqual([]);
    gate.open();
    await Promise.resolve();
    expect(letIn.length).toBeLessThan(200);
    await Promise.all(all);
    expect(letIn).toEqual(numbers(200));
  });

  it('holds back the rest when it is closed again before all are in', async () => {
    const { gate, letIn, all } = closedTo(200);
    gate.open();
    gate.close();
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    const before = letIn.length;
    expect(before).toBeLessThan(200);
    gate.open();
    await Promise.all(all);
    expect(letIn).toEqual(numbers(200));
  });
});
