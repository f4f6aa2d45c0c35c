import './panel.css';
import { useState } from 'react';
import { Button } from '../ui/button';
import { useSpeech } from '../words/words';
import { Pace, totals } from './pace';
import { isOpen, isOver, type Item, type Phase, type UploadState } from './types';
import { UploadRow } from './upload-row';
import { currentEngine, useUploads } from './use-uploads';

/** The most rows that are shown: errors first, then uploads that move. */
const ROWS = 80;
const ORDER: Record<Phase, number> = {
  stopped: 0, refused: 1, rejected: 1, failed: 1, duplicate: 2, sending: 3, paused: 4, queued: 5, arrived: 6, ready: 7,
};

const BAD: ReadonlySet<Phase> = new Set(['refused', 'rejected', 'failed']);

/** Uploads and their outcomes, in a corner of each page. */
export default function UploadPanel() {
  const { t } = useSpeech();
  const state = useUploads();
  // On a phone the list would hide the photos that come in; its head says how it goes.
  const [open, setOpen] = useState(() => !matchMedia('(max-width: 720px)').matches);
  const engine = currentEngine();
  const { items, paused } = state;
  const sorted = [...items].sort((a, b) => ORDER[a.phase] - ORDER[b.phase]);
  const stopped = items.filter(({ phase }) => phase === 'stopped').length;
  return (
    <section className="uploads" aria-label={t('upload.panel')}>
      <div className="uploads-head">
        <div className="row apart">
          <h2>
            <Headline state={state} />
          </h2>
          <div className="row">
            {items.some(isOpen) && (
              <Button
                look="plain"
                icon={paused ? 'play' : 'pause'}
                aria-label={t(paused ? 'upload.resume_all' : 'upload.pause_all')}
                onPress={() => (paused ? engine?.resumeAll() : engine?.pauseAll())}
              />
            )}
            <Button look="plain" icon="down" aria-label={t(open ? 'upload.fold' : 'upload.unfold')} aria-expanded={open} onPress={() => setOpen(!open)} />
            {items.some((item) => isOver(item) || item.phase === 'duplicate') && !items.some(isOpen) && (
              <Button look="plain" icon="close" aria-label={t('upload.clear')} onPress={() => engine?.clear()} />
            )}
          </div>
        </div>
        <Progress state={state} />
        {stopped > 0 && (
          <div className="row">
            <Button look="quiet" icon="retry" onPress={() => engine?.resumeStopped()}>
              {t('upload.retry_all', { count: stopped })}
            </Button>
          </div>
        )}
      </div>
      {open && (
        <ul className="uploads-list" tabIndex={0} aria-label={t('upload.list')}>
          {sorted.slice(0, ROWS).map((item: Item) => (
            <UploadRow key={item.id} item={item} sent={state.sent.get(item.id) ?? 0} paused={paused} />
          ))}
          {sorted.length > ROWS && <li className="upload small soft">{t('upload.more', { count: sorted.length - ROWS })}</li>}
        </ul>
      )}
    </section>
  );
}

/** Read out when it changes, which it does with each file and not with each byte. */
function Headline({ state }: { state: UploadState }) {
  const { t } = useSpeech();
  const { files, done } = totals(state);
  const open = state.items.some(isOpen);
  const ready = state.items.filter(({ phase }) => phase === 'ready').length;
  const bad = state.items.filter(({ phase }) => BAD.has(phase)).length;
  const developing = state.items.filter(({ phase }) => phase === 'arrived').length;
  const text = open
    ? state.paused
      ? t('upload.paused', { done, count: files })
      : t('upload.sending', { done, count: files })
    : developing > 0
      ? t('upload.developing', { count: developing })
      : ready > 0
        ? t('upload.done', { count: ready })
        : bad === 0 && t('upload.panel');
  const isDone = !open && developing === 0 && ready > 0;
  const rest = bad > 0 && t(isDone ? 'upload.not_done' : 'upload.none_done', { count: bad });
  return <span role="status">{[text, rest].filter(Boolean).join(', ')}</span>;
}

function Progress({ state }: { state: UploadState }) {
  const { t, bytes } = useSpeech();
  const [pace] = useState(() => new Pace());
  if (!state.items.some(isOpen)) return null;
  const all = totals(state);
  const left = pace.left(all, performance.now());
  const done = all.bytes ? all.sent / all.bytes : 0;
  return (
    <div className="stack-tight">
      <div className="bar" role="progressbar" aria-label={t('upload.progress')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(done * 100)}>
        <span style={{ scale: `${done} 1` }} />
      </div>
      <p className="upload-state">
        {t('upload.bytes', { sent: bytes(all.sent), all: bytes(all.bytes) })}
        {state.waiting ? ` · ${t(state.waiting === 'offline' ? 'upload.waits_offline' : 'upload.waits_throttled')}` : left !== undefined && ` · ${duration(left)}`}
      </p>
    </div>
  );

  function duration(seconds: number) {
    return seconds < 60 ? t('upload.left_soon') : t('upload.left', { count: Math.ceil(seconds / 60) });
  }
}
