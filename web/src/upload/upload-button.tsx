import { useRef } from 'react';
import { useApp } from '../app';
import { Button } from '../ui/button';
import { useSpeech } from '../words/words';
import { fromFiles } from './gather';
import { upload } from './use-uploads';

/** The types that the API reads, and those that a browser may convert. */
export const ACCEPT = 'image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff,image/heic,image/heif,image/jxl,image/avif,.heic,.heif,.jxl';

export function UploadButton({ albumId, big }: { albumId?: string; big?: boolean }) {
  const { t } = useSpeech();
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon="upload" look={big ? 'strong' : 'quiet'} onPress={() => input.current?.click()}>
        {t('upload.action')}
      </Button>
      <input
        ref={input}
        type="file"
        accept={ACCEPT}
        multiple
        hidden
        aria-label={t('upload.action')}
        data-upload={big ? 'page' : 'header'}
        onChange={(event) => {
          const files = fromFiles(event.target.files ?? []);
          event.target.value = '';
          void upload(app, files, albumId);
        }}
      />
    </>
  );
}

/** The other ways in: a whole folder, and on a phone the camera. */
export function MoreWays({ albumId }: { albumId?: string }) {
  const { t } = useSpeech();
  const app = useApp();
  const folder = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    const files = fromFiles(input.files ?? []);
    input.value = '';
    void upload(app, files, albumId);
  };
  const isTouch = matchMedia('(pointer: coarse)').matches;
  return (
    <div className="row">
      {!isTouch && (
        <Button icon="folder" look="plain" onPress={() => folder.current?.click()}>
          {t('upload.folder')}
        </Button>
      )}
      {isTouch && (
        <Button icon="camera" look="plain" onPress={() => camera.current?.click()}>
          {t('upload.camera')}
        </Button>
      )}
      <input ref={folder} type="file" hidden aria-label={t('upload.folder')} {...{ webkitdirectory: '' }} onChange={(event) => take(event.target)} />
      <input
        ref={camera}
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        aria-label={t('upload.camera')}
        onChange={(event) => take(event.target)}
      />
    </div>
  );
}
