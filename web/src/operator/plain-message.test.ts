import { expect, it } from 'vitest';
import { plainMessage } from './plain-message';

it('a worker’s words are read out of their JSON, and anything else is left as it is', () => {
  expect(plainMessage('{"errorType": "Worker.BadInput", "errorMessage": "the order names another bucket"}')).toBe('the order names another bucket');
  for (const other of ['the file ends early', '{"errorType": "x"}', '{"cut', 'null', '17']) expect(plainMessage(other)).toBe(other);
});
