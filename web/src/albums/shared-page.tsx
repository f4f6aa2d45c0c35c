import '../ui/ui.css';
import './albums.css';
import { useRouterState } from '@tanstack/react-router';
import { useImages } from '../gallery/lists';
import { PhotoList } from '../gallery/photo-list';
import { Empty } from '../ui/empty';
import { OfflineNotice } from '../ui/offline-notice';
import { useTitle } from '../ui/use-title';
import { Wordmark } from '../ui/wordmark';
import type { Schemas } from '../api/client';
import { Problem } from '../api/problem';
import { useSpeech } from '../words/words';
import { tokenIn } from './share-link';

/** An album for people without an account. */
export function SharedPage() {
  const { t } = useSpeech();
  const token = tokenIn(useRouterState({ select: (state) => state.location.hash }));
  return (
    <>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <header className="bare-head">
        <Wordmark />
      </header>
      <OfflineNotice />
      <main id="main" tabIndex={-1}>
        {token ? <Shared token={token} /> : <Ended />}
      </main>
    </>
  );
}

function Shared({ token }: { token: string }) {
  const { t, date } = useSpeech();
  const list = { of: 'shared', token } as const;
  const { data, error } = useImages(list);
  const { title, expires_at } = (data?.pages[0] ?? {}) as Partial<Schemas['SharedAlbum']>;
  useTitle(title ?? t('shared.title'));
  if (error instanceof Problem && [400, 404].includes(error.status)) return <Ended />;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <p className="small soft">{t('shared.lead')}</p>
          <h1>{title ?? '\u00a0'}</h1>
          <p className="small soft">{expires_at ? t('shared.until', { at: date(expires_at, 'moment') }) : '\u00a0'}</p>
        </div>
      </div>
      <PhotoList list={list} label={title ?? t('shared.title')} audience="guest" empty={<p className="empty soft">{t('shared.empty')}</p>} />
    </div>
  );
}

function Ended() {
  const { t } = useSpeech();
  useTitle(t('shared.ended_title'));
  return <Empty icon="link" title={t('shared.ended_title')} text={t('shared.ended')} isPage isAlert />;
}
