import { generateKeyPairSync, sign } from 'node:crypto';
import { isDerSignature, isOneCborItem } from '../../src/users/credentials/strict-encodings.js';

it.each([
  ['00', true],
  ['1903e8', true],
  ['f6', true],
  ['a0', true],
  ['a163666d74646e6f6e65', true],
  ['a2616101616202', true],
  ['8181818100', true],
  ['', false],
  ['0000', false],
  ['18', false],
  ['1a0000', false],
  ['1b0000000000000001', false],
  ['5f4100ff', false],
  ['9fff', false],
  ['bfff', false],
  ['c000', false],
  ['fb3ff0000000000000', false],
  ['6461', false],
  ['9affffffff', false],
  ['a1', false],
  ['a16161', false],
  ['a2616101616102', false],
  ['818181818100', false],
])('WA-13 %s is one item of CBOR: %s', (hex, isOne) => {
  expect(isOneCborItem(Buffer.from(hex, 'hex'))).toBe(isOne);
});

it('WA-07 takes what signers write', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  for (let round = 0; round < 500; round += 1) {
    const der = sign('sha256', Buffer.from([round & 255, round >> 8]), privateKey);
    expect([der.toString('hex'), isDerSignature(der)]).toEqual([der.toString('hex'), true]);
    expect(isDerSignature(der.subarray(0, -1))).toBe(false);
  }
});

it.each([
  ['3006020101020101', true],
  ['3008020200800202' + '00ff', true],
  ['', false],
  ['30', false],
  ['3000', false],
  ['300602010102010100', false],
  ['30810602010102' + '0101', false],
  ['3007020200010201' + '01', false],
  ['3006020181020101', false],
  ['3005020002' + '0101', false],
  ['3006030101020101', false],
  ['3003020101', false],
  ['3009020101020101020101', false],
])('WA-07 %s is a signature in DER: %s', (hex, isDer) => {
  expect(isDerSignature(Buffer.from(hex, 'hex'))).toBe(isDer);
});
