import { expect, test } from 'vitest';
import { portableExp, portableLog } from '../../src/scenario/portable_math.ts';

test('portableExp is within 1e-15 of e^x, relative', () => {
  for (let x = 0; x >= -700; x -= 0.0137) {
    expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
  }
  expect(portableExp(0)).toBe(1);
  expect(portableExp(-1e9)).toBe(0);
});

test('portableLog is within 1e-14 of ln x', () => {
  for (let x = 1; x < 2 ** 27; x = x * 1.001 + 0.37) {
    expect(Math.abs(portableLog(x) - Math.log(x))).toBeLessThan(1e-14);
  }
  expect(portableLog(1)).toBe(0);
});
