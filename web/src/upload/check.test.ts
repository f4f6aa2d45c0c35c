import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { check, isRefusal, tidyName } from './check';
import { sniff } from './sniff';
import type { Limits } from './types';

const LIMITS: Limits = {
  maxBytes: 1_000_000,
  contentTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp', 'image/tiff'],
  imagesLeft: 10,
  bytesLeft: 10_000_000,
};
const fixture = async (name: string) => new Blob([new Uint8Array(await readFile(`../fixtures/images/${name}`))]);

describe('what a file is', () => {
  it.each([
    ['gray.jpg', 'image/jpeg'],
    ['tiny.png', 'image/png'],
    ['lossy.webp', 'image/webp'],
    ['animated.gif', 'image/gif'],
    ['plain.bmp', 'image/bmp'],
    ['deflate.tiff', 'image/tiff'],
    ['still.jxl', 'image/jxl'],
    ['orientation-6.jxl', 'image/jxl'],
    ['header-only.heic', 'image/heic'],
    ['header-only.avif', 'image/avif'],
    ['drawing.svg', undefined],
    ['text.jpg', undefined],
  ])('%s is %s, by its first bytes', async (name, type) => {
    expect(await sniff(await fixture(name))).toBe(type);
  });
});

describe('what is told before a byte is sent', () => {
  it.each([
    ['text.jpg', 'Image.Unsupported'],
    ['drawing.svg', 'Image.Unsupported'],
    ['header-only.heic', 'Image.Heic'],
    ['header-only.avif', 'Image.Avif'],
  ])('%s: %s', async (name, code) => {
    expect(await check(await fixture(name), name, LIMITS)).toEqual({ code });
  });

  it('HEIC is sent as it is where the API says that it reads it', async () => {
    const reads = { ...LIMITS, contentTypes: [...LIMITS.contentTypes, 'image/heic', 'image/heif'] };
    const checked = await check(await fixture('still.heic'), 'IMG_0001.HEIC', reads);
    expect(checked).toMatchObject({ name: 'IMG_0001.HEIC', type: 'image/heic' });
    expect(await check(await fixture('still.heic'), 'IMG_0001.HEIC', LIMITS)).toEqual({ code: 'Image.Heic' });
  });

  it('JPEG XL is sent as it is, though no browser shows it before', async () => {
    const reads = { ...LIMITS, contentTypes: [...LIMITS.contentTypes, 'image/jxl'] };
    expect(await check(await fixture('still.jxl'), 'photo.jxl', reads)).toMatchObject({ name: 'photo.jxl', type: 'image/jxl' });
  });

  it('an empty file and one that is too large', async () => {
    expect(await check(new Blob([]), 'a.jpg', LIMITS)).toEqual({ code: 'Image.Empty' });
    expect(await check(await fixture('gray.jpg'), 'a.jpg', { ...LIMITS, maxBytes: 10 })).toEqual({ code: 'Image.TooLarge' });
  });

  it('a good one is sealed with its SHA-256, whatever its name says', async () => {
    const { createHash } = await import('node:crypto');
    const checked = await check(await fixture('gray.jpg'), 'holiday.png', LIMITS);
    if (isRefusal(checked)) throw new Error(checked.code);
    const sha256 = createHash('sha256').update(await readFile('../fixtures/images/gray.jpg')).digest('hex');
    expect([checked.type, checked.sha256]).toEqual(['image/jpeg', sha256]);
  });
});

describe('names', () => {
  it('lose what the API refuses, and no more', () => {
    expect(tidyName('Zoë am See 🌅.jpg')).toBe('Zoë am See 🌅.jpg');
    expect(tidyName('../a\\b\u0000\u202e.jpg')).toBe('.._a_b__.jpg');
    expect(tidyName('')).toBe('photo');
  });

  it('are what the contract allows, whatever they were', async () => {
    const contract = await readFile('../api/openapi.yaml', 'utf8');
    const pattern = new RegExp(/Filename:[\s\S]*?pattern: '(.*)'/.exec(contract)![1]!, 'u');
    for (let code = 0; code < 0x3000; code++) expect(tidyName(`a${String.fromCharCode(code)}.jpg`)).toMatch(pattern);
  });

  it('are cut in the middle of nothing', () => {
    const long = tidyName(`${'🌅'.repeat(300)}.jpeg`);
    expect([[...long].length, long.endsWith('🌅.jpeg')]).toEqual([255, true]);
  });
});
