import { LANGUAGES, type Language, useSpeech } from '../words/words';

export function LanguageChoice() {
  const { language, choose, t } = useSpeech();
  return (
    <p className="row small soft" role="group" aria-label={t('language')}>
      {(Object.keys(LANGUAGES) as Language[]).map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          className="link-button"
          aria-pressed={each === language}
          onClick={() => choose(each)}
        >
          {LANGUAGES[each]}
        </button>
      ))}
    </p>
  );
}
