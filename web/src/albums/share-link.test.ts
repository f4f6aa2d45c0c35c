import { expect, it } from 'vitest';
import { shareUrl, tokenIn } from './share-link';

it('a share link carries its token behind the #, where no server reads it', () => {
  const url = new URL(shareUrl('shared/AQGYx7Jr_n1-x', 'https://photos.example.com'));
  expect([url.pathname, url.search, url.hash]).toEqual(['/shared', '', '#AQGYx7Jr_n1-x']);
  expect(tokenIn(url.hash)).toBe('AQGYx7Jr_n1-x');
});

it('what is no token is not asked about', () => {
  expect(['', '#', '#../me', '#a b', `#${'a'.repeat(257)}`].map(tokenIn)).toEqual(Array(5).fill(undefined));
});
