import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { type App, AppProvider } from './app';
import { createAppRouter } from './routes';
import { Toasts } from './ui/toasts';
import { type Language, loadWords, rememberLanguage, SpeechProvider, type Words } from './words/words';

export function Root(props: { app: App; language: Language; words: Words }) {
  const { app } = props;
  const [said, setSaid] = useState({ language: props.language, words: props.words });
  const [router] = useState(() => createAppRouter(app));
  // When a sign-in ends in another tab, the pages of signed-in users lead to signing in.
  useEffect(() => app.session.subscribe((isLost) => void (isLost && router.invalidate())), [app, router]);
  const choose = useCallback(async (language: Language) => {
    const words = await loadWords(language);
    rememberLanguage(language);
    document.documentElement.lang = language;
    setSaid({ language, words });
  }, []);
  return (
    <AppProvider value={app}>
      <SpeechProvider {...said} choose={choose}>
        <I18nProvider locale={said.language === 'de' ? 'de-DE' : 'en-US'}>
          <QueryClientProvider client={app.queries}>
            <RouterProvider router={router} />
            <Toasts />
          </QueryClientProvider>
        </I18nProvider>
      </SpeechProvider>
    </AppProvider>
  );
}
