import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../api/client';
import { useApp } from '../app';
import { nameOf, smallest } from '../gallery/picture';
import { useSpeech } from '../words/words';

export function Similar({ id }: { id: string; show: (id: string) => void }) {
  const { t, date } = useSpeech();
  const { api } = useApp();
  const similar = useQuery({
    queryKey: ['similar', id],
    queryFn: ({ signal }) => ask(api.GET('/image/{image_id}/similar', { params: { path: { image_id: id } }, signal })),
  });
  const found = similar.data?.items ?? [];
  return (
    <section>
      <h3>{t('similar.title')}</h3>
      {similar.isSuccess && found.length === 0 && <p className="small soft">{t('similar.none')}</p>}
      <ul className="similar">
        {found.map(({ image }) => (
          <li key={image.image_id}>
            <Link to="/" search={{ photo: image.image_id }} aria-label={nameOf(image, date)}>
              <img src={smallest(image)?.url} alt="" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
