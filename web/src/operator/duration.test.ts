import { expect, it } from 'vitest';
import { duration } from './duration';

it('a length of time is written in the unit that fits, in both languages', () => {
  const lengths = [0, 512, 5_500, 59_900, 125_000, 3_720_000];
  expect(lengths.map((ms) => duration(ms, 'en'))).toEqual(['0 ms', '512 ms', '5.5 sec', '59.9 sec', '2 min 5 sec', '1 hr 2 min']);
  expect(duration(5_500, 'de')).toBe('5,5 Sek.');
});
