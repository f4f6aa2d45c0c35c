import type { ReactNode } from 'react';
import type { Image } from '../api/client';
import { useSpeech } from '../words/words';

export function Facts({ image }: { image: Image }) {
  const { t, date, bytes, number } = useSpeech();
  const { source, facts } = image;
  const rows: [string, ReactNode][] = [[t('facts.added'), date(image.created_at, 'moment')]];
  if (image.filename) rows.push([t('facts.file'), <bdi key="file">{image.filename}</bdi>]);
  if (source) {
    rows.push([t('facts.size'), `${number(source.width)} × ${number(source.height)}`]);
    rows.push([t('facts.format'), `${source.format.toUpperCase()}, ${bytes(source.bytes)}`]);
    if (source.camera) rows.push([t('facts.camera'), source.camera]);
    if (source.taken_at) rows.push([t('facts.taken'), source.taken_at.replace('T', ' ')]);
    if (source.animated) rows.push([t('facts.animated'), t('facts.first_frame')]);
  }
  if (facts) {
    rows.push([
      t('facts.colour'),
      <>
        <span className="swatch" style={{ background: facts.dominant_color }} />
        {facts.dominant_color}
      </>,
    ]);
  }
  if (facts?.sha256) rows.push(['SHA-256', <span className="mono" key="sha">{facts.sha256.slice(0, 16)}…</span>]);
  return (
    <section>
      <h3>{t('facts.title')}</h3>
      <dl className="facts">
        {rows.map(([term, value]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
