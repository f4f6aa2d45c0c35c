import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useApp } from '../app';
import { useSpeech } from '../words/words';
import { fromDrop, fromPaste } from './gather';
import { upload } from './use-uploads';

/** The whole window takes photos: dropped, or pasted. On an album's page they go into that album. */
export default function DropZone() {
  const { t } = useSpeech();
  const app = useApp();
  const { albumId } = useParams({ strict: false });
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const drag = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = async (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      setOver(false);
      await upload(app, await fromDrop(event.dataTransfer), albumId);
    };
    const paste = (event: ClipboardEvent) => {
      const given = fromPaste(event.clipboardData);
      if (given.length === 0) return;
      event.preventDefault();
      void upload(app, given, albumId);
    };
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, [app, albumId]);
  return over ? <div className="drop-veil">{t('upload.drop')}</div> : null;
}
