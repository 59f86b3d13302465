import { create } from 'qrcode';
import { terminalQrCode } from '../../../src/apps/cli/native/terminal-qr-code.js';

const ADDRESS = 'http://localhost:3000/device?user_code=BCDF-GHJK';
/** Dark above and below, in each of the characters. */
const HALVES: Record<string, [boolean, boolean]> = {
  ' ': [false, false],
  '▀': [true, false],
  '▄': [false, true],
  '█': [true, true],
};

it('draws the code as it is, with four light modules around it, black on white', async () => {
  const lines = (await terminalQrCode(ADDRESS, 80))!.split('\n').slice(0, -1);
  const drawn = lines.flatMap((line) => {
    expect([line.slice(0, 9), line.slice(-4)]).toEqual(['\u001b[30;107m', '\u001b[0m']);
    const halves = Array.from(line.slice(9, -4)).map((character) => HALVES[character]!);
    return [halves.map(([above]) => above), halves.map(([, below]) => below)];
  });
  const { size, data } = create(ADDRESS, { errorCorrectionLevel: 'L' }).modules;
  const expected = (row: number, column: number) => {
    const [y, x] = [row - 4, column - 4];
    return y >= 0 && x >= 0 && y < size && x < size && data[y * size + x] === 1;
  };
  expect(drawn[0]).toHaveLength(size + 8);
  expect(drawn.length).toBeGreaterThanOrEqual(size + 8);
  drawn.forEach((row, y) => expect(row).toEqual(row.map((_, x) => expected(y, x))));
});

it('is left out where it does not fit', async () => {
  expect(await terminalQrCode(ADDRESS, 30)).toBeUndefined();
});
