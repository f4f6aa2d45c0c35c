import { useQuery } from '@tanstack/react-query';
import { ask, type Image } from '../api/client';
import { useApp } from '../app';
import { useSpeech } from '../words/words';

/** The timeline of the photo. */
export function Timeline({ id, status }: { id: string; status: Image['status'] }) {
  const { t, locale } = useSpeech();
  const { api } = useApp();
  const events = useQuery({
    queryKey: ['events', id, status],
    queryFn: ({ signal }) => ask(api.GET('/image/{image_id}/events', { params: { path: { image_id: id } }, signal })),
  });
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1 });
  return (
    <section>
      <h3>{t('timeline.title')}</h3>
      <ol className="timeline">
        {events.data?.items.map(({ event, at, stage }, index) => (
          <li key={index}>
            <span>{t(`event.${event}`) + (stage ? ` (${t(`stage.${stage}`)})` : '')}</span>
            <time dateTime={at}>{time.format(new Date(at))}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
