import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApp } from './app';
import { loadConfig } from './config';
import { Root } from './root';
import { registerServiceWorker } from './service-worker';
import { chosenLanguage, loadWords } from './words/words';

async function start(root: HTMLElement) {
  const language = chosenLanguage();
  document.documentElement.lang = language;
  const [config, words] = await Promise.all([loadConfig(), loadWords(language)]);
  createRoot(root).render(
    <StrictMode>
      <Root app={createApp(config)} language={language} words={words} />
    </StrictMode>,
  );
  registerServiceWorker();
}

const root = document.getElementById('root')!;
start(root).catch((error: unknown) => {
  // Before the words are loaded: the two languages side by side.
  root.textContent = `Darkroom cannot start. Please reload. / Darkroom startet nicht. Bitte neu laden. (${String(error)})`;
});
