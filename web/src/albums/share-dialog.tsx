import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Album, ask, type ShareLink } from '../api/client';
import { useApp } from '../app';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { shareUrl } from './share-link';
import { useChangeAlbum } from './use-albums';

const HOUR = 3600;
const EXPIRIES = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const;
type Expiry = keyof typeof EXPIRIES;

/** Who sees the album, and the links that show it to people without an account. */
export default function ShareDialog({ album, close }: { album: Album; close: () => void }) {
  const speech = useSpeech();
  const { t } = speech;
  const { api, queries } = useApp();
  const [expiry, setExpiry] = useState<Expiry>('week');
  const change = useChangeAlbum(album.album_id);
  const path = { album_id: album.album_id };
  const key = ['links', album.album_id];
  const links = useQuery({ queryKey: key, queryFn: ({ signal }) => ask(api.GET('/albums/{album_id}/links', { params: { path, query: { limit: 100 } }, signal })) });
  const create = useMutation({
    mutationFn: async () => {
      // A link shows the album only while its visibility allows links.
      if (album.visibility === 'private') await change.mutateAsync({ visibility: 'link' });
      return ask(api.POST('/albums/{album_id}/links', { params: { path }, body: { expires_in_seconds: EXPIRIES[expiry] } }));
    },
    onSuccess: async (link) => {
      await queries.invalidateQueries({ queryKey: key });
      await copy(link);
    },
    onError: (error) => toast(explain(speech, error)),
  });
  const revoke = useMutation({
    mutationFn: ({ link_id }: ShareLink) => ask(api.DELETE('/albums/{album_id}/links/{link_id}', { params: { path: { ...path, link_id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: key });
      toast(t('share.revoked'));
    },
    onError: (error) => toast(explain(speech, error)),
  });
  const copy = async ({ url }: ShareLink) => {
    try {
      await navigator.clipboard.writeText(shareUrl(url));
      toast(t('share.copied'));
    } catch {
      // The browser does not allow it: the field beside it can be copied by hand.
    }
  };
  return (
    <Dialog title={t('share.title')} close={close} roomy>
      <div className="field">
        <label htmlFor="album-visibility">{t('edit.visibility')}</label>
        <select id="album-visibility" value={album.visibility} onChange={(event) => change.mutate({ visibility: event.target.value as Album['visibility'] })}>
          {(['private', 'link', 'public'] as const).map((each) => (
            <option key={each} value={each}>
              {t(`album.visibility.${each}.long`)}
            </option>
          ))}
        </select>
      </div>
      {album.visibility === 'private' && (links.data?.items.length ?? 0) > 0 && <p className="small soft">{t('share.rests')}</p>}
      <div className="row">
        <div className="field grow-field">
          <label htmlFor="expiry">{t('share.expiry')}</label>
          <select id="expiry" value={expiry} onChange={(event) => setExpiry(event.target.value as Expiry)}>
            {(Object.keys(EXPIRIES) as Expiry[]).map((each) => (
              <option key={each} value={each}>
                {t(`share.expiry.${each}`)}
              </option>
            ))}
          </select>
        </div>
        <Button icon="link" isPending={create.isPending} onPress={() => create.mutate()}>
          {t('share.create')}
        </Button>
      </div>
      <ul className="links" aria-label={t('share.links')}>
        {links.data?.items.map((link) => (
          <li key={link.link_id} className="link-card">
            <input readOnly value={shareUrl(link.url)} aria-label={t('share.link')} onFocus={(event) => event.target.select()} data-link />
            <div className="row apart">
              <span className="small soft">{t('share.until', { at: speech.date(link.expires_at, 'moment') })}</span>
              <div className="row">
                <Button look="plain" onPress={() => void copy(link)}>
                  {t('share.copy')}
                </Button>
                <Button look="plain" onPress={() => revoke.mutate(link)}>
                  {t('share.revoke')}
                </Button>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
