import './ui.css';
import './frame.css';
import { Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useMe } from '../account/use-me';
import { UploadButton } from '../upload/upload-button';
import { useUploads } from '../upload/use-uploads';
import { useSpeech } from '../words/words';
import { Icon, type IconName } from './icon';
import { OfflineNotice } from './offline-notice';
import { Wordmark } from './wordmark';

const PLACES = [
  { to: '/', label: 'nav.photos', icon: 'photos' },
  { to: '/everybody', label: 'nav.everybody', icon: 'everybody' },
  { to: '/albums', label: 'nav.albums', icon: 'albums' },
  { to: '/operations', label: 'nav.operations', icon: 'operations', role: 'operators' },
] as const satisfies { to: string; label: string; icon: IconName; role?: string }[];

const UploadPanel = lazy(() => import('../upload/panel'));
const DropZone = lazy(() => import('../upload/drop-zone'));

/** The frame of a signed-in user's pages. */
export function Frame() {
  const { t } = useSpeech();
  const uploads = useUploads();
  const roles = useMe().data?.roles ?? [];
  const places = PLACES.filter((place) => !('role' in place) || roles.includes(place.role));
  return (
    <>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <header className="header">
        <Wordmark />
        <nav className="places" aria-label={t('nav.label')}>
          {places.map(({ to, label, icon }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
              <Icon name={icon} />
              {t(label)}
            </Link>
          ))}
        </nav>
        <span className="grow" />
        <UploadButton />
        <Link to="/account" className="button plain icon" aria-label={t('nav.account')}>
          <Icon name="person" />
        </Link>
      </header>
      <OfflineNotice />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        <DropZone />
        {uploads.items.length > 0 && <UploadPanel />}
      </Suspense>
    </>
  );
}
