import { expect, it } from 'vitest';
import { isAddressOf } from './is-address-of';

it('an account is closed by its own address only, typed whole', () => {
  expect(['ada@example.com', ' Ada@Example.com '].map((typed) => isAddressOf('ada@example.com', typed))).toEqual([true, true]);
  expect(['', 'ada', 'ada@example.co', 'eve@example.com'].map((typed) => isAddressOf('ada@example.com', typed))).toEqual(Array(4).fill(false));
  expect(isAddressOf(undefined, '')).toBe(false);
});
