import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { explainOutcome } from '../words/problems';
import { type Speech, useSpeech } from '../words/words';
import type { Item } from './types';
import { currentEngine } from './use-uploads';

export function UploadRow({ item, sent, paused }: { item: Item; sent: number; paused: boolean }) {
  const speech = useSpeech();
  const { t } = speech;
  const engine = currentEngine();
  const { id, phase, name } = item;
  const resumable = phase === 'paused' || phase === 'stopped' || phase === 'duplicate';
  const bad = ['refused', 'rejected', 'failed', 'stopped'].includes(phase);
  return (
    <li className="upload" data-phase={phase}>
      <Preview item={item} />
      <div>
        <p className="upload-name" title={name}>
          <bdi>{name}</bdi>
        </p>
        <p className={`upload-state${bad ? ' bad' : phase === 'ready' ? ' good' : ''}`}>{stateInWords(speech, item, paused)}</p>
        {phase === 'sending' && (
          <div className="bar" role="progressbar" aria-label={name} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((sent / item.size) * 100)}>
            <span style={{ scale: `${Math.min(1, sent / item.size)} 1` }} />
          </div>
        )}
        {phase === 'arrived' && (
          <div className="bar working" aria-hidden="true">
            <span />
          </div>
        )}
      </div>
      <div className="row">
        {resumable && (
          <Button
            look="plain"
            icon={phase === 'stopped' ? 'retry' : phase === 'duplicate' ? 'upload' : 'play'}
            aria-label={t(phase === 'stopped' ? 'upload.retry' : phase === 'duplicate' ? 'upload.anyway' : 'upload.resume', { name })}
            onPress={() => engine?.resumeOne(id)}
          />
        )}
        {(phase === 'queued' || phase === 'sending') && !paused && (
          <Button look="plain" icon="pause" aria-label={t('upload.pause', { name })} onPress={() => engine?.pauseOne(id)} />
        )}
        {phase !== 'arrived' && (
          <Button
            look="plain"
            icon="close"
            aria-label={t(phase === 'queued' || phase === 'sending' ? 'upload.cancel' : 'upload.dismiss', { name })}
            onPress={() => engine?.cancel(id)}
          />
        )}
      </div>
    </li>
  );
}

function stateInWords(speech: Speech, item: Item, paused: boolean): string {
  const { t, has, bytes } = speech;
  switch (item.phase) {
    case 'refused':
    case 'rejected':
    case 'failed':
      return explainOutcome(speech, item.reason && { code: item.reason.code, ...(item.reason.detail && { message: item.reason.detail }) });
    case 'stopped': {
      const key = `problem.${item.reason?.code}`;
      return has(key) ? t(key) : t('upload.stopped');
    }
    case 'queued':
      return t(paused ? 'upload.state.paused' : item.sha256 ? 'upload.state.queued' : 'upload.state.checking', { bytes: bytes(item.size) });
    default:
      return t(`upload.state.${item.phase}`, { bytes: bytes(item.size) });
  }
}

const SIDE = 88;
let previewing: Promise<unknown> = Promise.resolve();

/** A small picture of the file itself, one after the other: decoding forty at once would stop the page. */
function Preview({ item }: { item: Item }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  const { id, sha256, phase } = item;
  useEffect(() => {
    let wanted = true;
    const file = phase !== 'refused' && sha256 ? currentEngine()?.preview(id) : undefined;
    if (file && !shown) {
      previewing = previewing.then(async () => {
        if (!wanted) return;
        const picture = await createImageBitmap(file, { resizeWidth: SIDE, resizeQuality: 'low' }).catch(() => undefined);
        const context = canvas.current?.getContext('2d');
        if (!picture || !context || !canvas.current) return;
        canvas.current.height = Math.max(1, Math.min(4 * SIDE, picture.height));
        context.drawImage(picture, 0, 0);
        picture.close();
        setShown(true);
      });
    }
    return () => {
      wanted = false;
    };
  }, [id, sha256, phase, shown]);
  return (
    <div className="upload-preview" aria-hidden="true">
      <canvas ref={canvas} width={SIDE} height={SIDE} hidden={!shown} />
      {!shown && <Icon name={phase === 'refused' || phase === 'rejected' || phase === 'failed' ? 'warning' : 'photos'} />}
    </div>
  );
}
