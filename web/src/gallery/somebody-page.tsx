import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ask } from '../api/client';
import { Problem } from '../api/problem';
import { useApp } from '../app';
import { Empty } from '../ui/empty';
import { useTitle } from '../ui/use-title';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { PhotoList } from './photo-list';

/** The public photos of one user, who lists their profile. */
export function SomebodyPage() {
  const speech = useSpeech();
  const { t } = speech;
  const { api } = useApp();
  const { userId } = useParams({ from: '/own/people/$userId' });
  const user = useQuery({
    queryKey: ['user', userId],
    queryFn: ({ signal }) => ask(api.GET('/users/{user_id}', { params: { path: { user_id: userId } }, signal })),
  });
  const name = user.data?.display_name;
  useTitle(name ?? (user.error ? t('somebody.title') : t('nav.photos')));
  if (user.error) {
    const isMissing = user.error instanceof Problem && [400, 404].includes(user.error.status);
    return (
      <Empty icon="person" title={t('somebody.title')} text={isMissing ? t('somebody.missing') : explain(speech, user.error)} isPage isAlert>
        <Link to="/everybody" className="button">
          {t('somebody.others')}
        </Link>
      </Empty>
    );
  }
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{name ?? '\u00a0'}</h1>
          <p className="soft small">{t('somebody.lead')}</p>
        </div>
      </div>
      <PhotoList list={{ of: 'somebody', userId }} label={name ?? t('nav.photos')} audience="visitor" empty={<p className="empty soft">{t('somebody.empty')}</p>} />
    </div>
  );
}
