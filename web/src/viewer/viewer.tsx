import 'yet-another-react-lightbox/styles.css';
import './viewer.css';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import Lightbox, { type ControllerRef } from 'yet-another-react-lightbox';
import Inline from 'yet-another-react-lightbox/plugins/inline';
import Zoom from 'yet-another-react-lightbox/plugins/zoom';
import type { Image } from '../api/client';
import { useImage } from '../gallery/lists';
import { nameOf } from '../gallery/picture';
import { Button } from '../ui/button';
import { useSpeech } from '../words/words';
import { NoPicture } from './no-picture';
import { Panel } from './panel';
import { slideOf } from './slide';

export interface ViewerProps {
  images: readonly Image[];
  id: string;
  /** The user's own photos can be changed; the API has no single answers for those of a share link. */
  audience: 'owner' | 'visitor' | 'guest';
  hasMore: boolean;
  more: () => void;
  show: (id: string) => void;
  close: () => void;
  remove?: ((image: Image) => void) | undefined;
}

/** One photo, large. Swipe, zoom and slides are the lightbox's; dialog, panel and keys are ours. */
export default function Viewer(props: ViewerProps) {
  const { images, id, audience, hasMore, more, show, close, remove } = props;
  const { t, date, number } = useSpeech();
  const controller = useRef<ControllerRef>(null);
  const box = useRef<HTMLDivElement>(null);
  const [panel, setPanel] = useState(false);
  const canAsk = audience !== 'guest';
  const detail = useImage(id, canAsk);
  const index = images.findIndex(({ image_id }) => image_id === id);
  const image = (detail.data?.image_id === id ? detail.data : undefined) ?? images[index];
  const neighbour = useImage(images[index + 1]?.image_id, canAsk);
  const slides = useMemo(
    () => images.map((each) => slideOf([detail.data, neighbour.data].find((more) => more?.image_id === each.image_id) ?? each)),
    [images, detail.data, neighbour.data],
  );
  useEffect(() => {
    if (hasMore && index >= images.length - 5) more();
  }, [hasMore, index, images.length, more]);

  if (!image) return null;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const keys: Record<string, () => void> = {
      i: () => setPanel(!panel),
      f: () => void (document.fullscreenElement ? document.exitFullscreen() : box.current?.requestFullscreen?.()),
      ...(index >= 0 && { ArrowRight: () => controller.current?.next(), ArrowLeft: () => controller.current?.prev() }),
      ...(remove && { Delete: () => removeThis() }),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const removeThis = () => {
    const next = images[index + 1] ?? images[index - 1];
    remove?.(image);
    if (next) show(next.image_id);
    else close();
  };

  return (
    <ModalOverlay className="viewer-veil" isOpen onOpenChange={(open) => !open && close()}>
      <Modal>
        <Dialog>
          <div ref={box} className="viewer" data-panel={panel || undefined} onKeyDownCapture={onKeyDown}>
            <div className="viewer-bar">
              <Button look="plain" icon="close" aria-label={t('close')} onPress={close} />
              <Heading slot="title" level={2}>
                <bdi>{nameOf(image, date)}</bdi>
              </Heading>
              {index >= 0 && (
                <span className="count small">
                  {t('viewer.count', { at: number(index + 1), count: number(images.length) + (hasMore ? '+' : '') })}
                </span>
              )}
              {remove && <Button look="plain" icon="trash" aria-label={t('delete')} onPress={removeThis} />}
              <Button look="plain" icon="info" aria-label={t('viewer.info')} aria-expanded={panel} autoFocus onPress={() => setPanel(!panel)} />
            </div>
            <div className="viewer-stage">
              <Lightbox
                index={Math.max(0, index)}
                slides={index < 0 ? [slideOf(image)] : slides}
                plugins={[Inline, Zoom]}
                controller={{ ref: controller, touchAction: 'none', closeOnPullDown: false }}
                carousel={{ finite: true, padding: 0, spacing: '8%', preload: 1 }}
                animation={{ swipe: 260, fade: 160, ...(matchMedia('(prefers-reduced-motion: reduce)').matches && { swipe: 1, fade: 1, zoom: 1 }) }}
                zoom={{ maxZoomPixelRatio: 2, scrollToZoom: true }}
                labels={{
                  Previous: t('viewer.previous'), Next: t('viewer.next'), 'Zoom in': t('viewer.zoom_in'), 'Zoom out': t('viewer.zoom_out'),
                  Slide: t('viewer.slide'), Carousel: t('viewer.carousel'), 'Photo gallery': t('viewer.carousel'), Lightbox: t('viewer.carousel'),
                }}
                on={{ view: ({ index: seen }) => images[seen] && images[seen].image_id !== id && show(images[seen].image_id) }}
                render={{
                  slide: ({ slide }) => ('image' in slide && !slide.src ? <NoPicture image={slide.image as Image} /> : undefined),
                }}
              />
            </div>
            {panel && <Panel image={image} audience={audience} close={() => setPanel(false)} show={show} />}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const isTyping = (target: EventTarget) => target instanceof HTMLElement && target.matches('input, textarea, select, [role="menuitem"]');
