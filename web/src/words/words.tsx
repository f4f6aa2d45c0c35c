import { createContext, type ReactNode, use, useMemo } from 'react';
import type en from './en.json';

/** Words are data: a file for each language, with the same keys. `{name}` is a value, `one` and `other` are plurals. */
export type Key = keyof typeof en;
export type Said = string | { one: string; other: string };
export type Words = Record<Key, Said>;
export type Values = Record<string, string | number>;
export type Language = 'en' | 'de';

export const LANGUAGES: Record<Language, string> = { en: 'English', de: 'Deutsch' };
const KEY = 'darkroom.language';

export function chosenLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  const wanted = [stored, ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Language => tag === 'en' || tag === 'de') ?? 'en';
}

export const rememberLanguage = (language: Language) => localStorage.setItem(KEY, language);

export async function loadWords(language: Language): Promise<Words> {
  const file = language === 'de' ? import('./de.json') : import('./en.json');
  return (await file).default as Words;
}

export interface Speech<K extends string = Key> {
  language: Language;
  /** The viewer's own form of the language, such as `en-GB`, which decides how numbers and dates are written. */
  locale: string;
  t: (key: K, values?: Values) => string;
  /** Whether there are words for this key, for codes that come from the API. */
  has: (key: string) => key is K;
  number: (value: number) => string;
  bytes: (value: number) => string;
  date: (iso: string | Date, style?: 'day' | 'month' | 'moment' | 'second') => string;
}

export function speech<K extends string>(language: Language, words: Record<K, Said>, tags: readonly string[] = globalThis.navigator?.languages ?? []): Speech<K> {
  const locale = tags.find((tag) => tag.slice(0, 2).toLowerCase() === language) ?? language;
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(locale);
  const dates = {
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }),
    month: new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }),
    moment: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
    second: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }),
  };
  const bytes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'].map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumSignificantDigits: 3 }),
  );
  return {
    language,
    locale,
    t: (key, values = {}) => {
      // A key from an answer of a newer API may have no words here.
      const said: Said | undefined = words[key];
      if (said === undefined) return key;
      const text = typeof said === 'string' ? said : said[plural.select(Number(values.count)) === 'one' ? 'one' : 'other'];
      return text.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = values[name];
        return typeof value === 'number' ? number.format(value) : (value ?? '');
      });
    },
    has: (key): key is K => key in words,
    number: (value) => number.format(value),
    bytes: (value) => {
      const step = value > 0 ? Math.min(3, Math.floor(Math.log10(value) / 3)) : 0;
      return bytes[step]!.format(value / 1000 ** step);
    },
    date: (iso, style = 'day') => dates[style].format(new Date(iso)),
  };
}

const Context = createContext<(Speech & { choose: (language: Language) => void }) | null>(null);

export function SpeechProvider(props: {
  language: Language;
  words: Words;
  choose: (language: Language) => void;
  children: ReactNode;
}) {
  const { language, words, choose } = props;
  const value = useMemo(() => ({ ...speech(language, words), choose }), [language, words, choose]);
  return <Context value={value}>{props.children}</Context>;
}

export function useSpeech() {
  const found = use(Context);
  if (!found) throw new Error('No SpeechProvider');
  return found;
}
