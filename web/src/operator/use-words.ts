import { use } from 'react';
import { type Language, type Said, type Speech, speech, useSpeech } from '../words/words';
import type en from './words/en.json';

/** Words that only operators read, in files of their own, which other users never load. */
export type OperatorKey = keyof typeof en;

const loaded = new Map<Language, Promise<Speech<OperatorKey>>>();

function load(language: Language): Promise<Speech<OperatorKey>> {
  let words = loaded.get(language);
  if (!words) {
    const file = language === 'de' ? import('./words/de.json') : import('./words/en.json');
    words = file.then(({ default: said }) => speech(language, said as Record<OperatorKey, Said>));
    words.catch(() => loaded.delete(language));
    loaded.set(language, words);
  }
  return words;
}

export const useWords = (): Speech<OperatorKey> => use(load(useSpeech().language));
