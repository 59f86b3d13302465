import { BackOff } from '../../src/platform/back-off.js';

const START = Date.UTC(2026, 0, 1);
const backOff = () => new BackOff({ first: 1_000, longest: 3_000 });

it('leaves alone for twice as long after each failure, up to the longest, and begins anew after a success', () => {
  const pauses = backOff();
  expect(pauses.isOn(START)).toBe(false);
  for (const pause of [1_000, 2_000, 3_000, 3_000]) {
    pauses.failed(START);
    expect([pauses.isOn(START + pause - 1), pauses.isOn(START + pause)]).toEqual([true, false]);
  }
  pauses.succeeded();
  expect(pauses.isOn(START)).toBe(false);
  pauses.failed(START, 1.5);
  expect([pauses.isOn(START + 1_499), pauses.isOn(START + 1_500)]).toEqual([true, false]);
});

it('does not wait for the time that a clock lost that was set back', () => {
  const pauses = backOff();
  pauses.failed(START);
  expect(pauses.isOn(START - 1)).toBe(false);
});

it('stays at the longest, however often it fails', () => {
  const pauses = backOff();
  for (let count = 0; count < 2_000; count += 1) pauses.failed(START);
  expect([pauses.isOn(START + 2_999), pauses.isOn(START + 3_000)]).toEqual([true, false]);
});
