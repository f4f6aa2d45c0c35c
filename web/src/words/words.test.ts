import { describe, expect, it } from 'vitest';
import { Problem } from '../api/problem';
import operatorsDe from '../operator/words/de.json';
import operatorsEn from '../operator/words/en.json';
import de from './de.json';
import en from './en.json';
import { explain, explainOutcome } from './problems';
import { type Said, speech, type Words } from './words';

const english = speech('en', en as Words);
const german = speech('de', de as Words);
const text = (said: Said) => (typeof said === 'string' ? said : `${said.one} ${said.other}`);
const values = (said: Said) => [...new Set(text(said).match(/\{\w+\}/g))].sort();

describe.each([
  ['everybody', en, de],
  ['operators', operatorsEn, operatorsDe],
])('the two languages, for %s', (_, one, two: object) => {
  it('have the same keys', () => {
    expect(Object.keys(two).sort()).toEqual(Object.keys(one).sort());
  });

  it.each(Object.entries(one))('mean the same values and plurals: %s', (key, said) => {
    const other = (two as Record<string, Said>)[key]!;
    expect(typeof other).toBe(typeof said);
    expect(values(other)).toEqual(values(said));
  });
});

describe('speech', () => {
  it('tells one from many, and writes numbers as the language does', () => {
    expect(english.t('deleted', { count: 1 })).toBe('Photo deleted.');
    expect(english.t('deleted', { count: 12_000 })).toBe('12,000 photos deleted.');
    expect(german.t('deleted', { count: 12_000 })).toBe('12.000 Fotos gelöscht.');
  });

  it('writes dates as they are written where the viewer lives', () => {
    const written = (tags: string[]) => speech('en', en as Words, tags).date('2026-12-01T12:00:00Z');
    expect([written(['en-GB']), written(['de-DE', 'en-US']), written(['de-DE'])]).toEqual(['1 Dec 2026', 'Dec 1, 2026', 'Dec 1, 2026']);
  });

  it('shows the key where a newer API says what has no words yet', () => {
    expect(english.t('stage.polish' as Parameters<typeof english.t>[0])).toBe('stage.polish');
  });

  it('writes bytes in the unit that fits', () => {
    expect([0, 999, 1500, 52_428_800].map(english.bytes)).toEqual(['0 bytes', '999 bytes', '1.5 kB', '52.4 MB']);
  });
});

describe('errors in words', () => {
  it('has words for every code of the contract, in both languages', async () => {
    const { readFile } = await import('node:fs/promises');
    const contract = await readFile('../api/openapi.yaml', 'utf8');
    const codes = /ProblemCode:[\s\S]*?enum:\n((?:\s+- .*\n)+)/.exec(contract)![1]!.match(/[A-Z]\w+\.\w+/g)!;
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes.filter((each) => !/^Worker\.(?!Bug)/.test(each))) {
      expect(english.has(`problem.${code}`), code).toBe(true);
    }
  });

  it('has words for every rejection of the catalogue', async () => {
    const { readFile } = await import('node:fs/promises');
    const catalogue = await readFile('../docs/ERRORS.md', 'utf8');
    const codes = [...catalogue.matchAll(/<a id="(Image\.\w+)">/g)].map((match) => match[1]!);
    expect(codes.length).toBeGreaterThan(8);
    for (const code of codes) expect(english.has(`outcome.${code}`), code).toBe(true);
  });

  it('names the field that is wrong, and says what to do when nothing answers', () => {
    const invalid = new Problem('Request.Invalid', 400, 'title', undefined, [{ field: 'title', message: 'must not be empty' }]);
    expect(explain(english, invalid)).toBe('title: must not be empty');
    expect(explain(english, new Problem('Offline', 0, ''))).toBe('There is no answer. Check the network.');
    expect(explain(english, new Error('whatever'))).toBe('Something unexpected happened. Try again.');
  });

  it('does not blame the owner for a fault of ours', () => {
    expect(explainOutcome(english, { code: 'States.Timeout', message: 'x' })).toMatch(/our fault/);
    expect(explainOutcome(german, { code: 'Image.Corrupt' })).toMatch(/beschädigt/);
    expect(explainOutcome(english, { code: 'Image.NotYetKnown', message: 'As the API says.' })).toBe('As the API says.');
  });
});
