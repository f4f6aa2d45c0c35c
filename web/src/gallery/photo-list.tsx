import { useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import type { Image } from '../api/client';
import { Button } from '../ui/button';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { useDeletion } from './deletion';
import { type ListOf, useImages } from './lists';
import { firstOf, monthOf } from './months';
import { Photos } from './photos';
import { useSelection } from './selection';
import { usePageKeys } from './use-page-keys';

const Viewer = lazy(() => import('../viewer/viewer'));
const BulkBar = lazy(() => import('./bulk-bar'));
const KeyHelp = lazy(() => import('./key-help'));
const Scrubber = lazy(() => import('./scrubber'));

interface PhotoListProps {
  list: ListOf;
  label: string;
  audience: 'owner' | 'visitor' | 'guest';
  byMonth?: boolean;
  empty: ReactNode;
  /** Only photos whose name or caption has this. */
  find?: string;
  focusFind?: (() => void) | undefined;
  albumId?: string;
}

/** A wall of photos with all actions: open, choose, change, delete. */
export function PhotoList(props: PhotoListProps) {
  const { list, label, audience, find = '' } = props;
  const speech = useSpeech();
  const { t } = speech;
  const navigate = useNavigate();
  const photo = useRouterState({ select: (state) => (state.location.search as { photo?: string }).photo });
  const { images: all, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useImages(list);
  const images = useMemo(() => filtered(all, find), [all, find]);
  const order = useMemo(() => images.map(({ image_id }) => image_id), [images]);
  const [top, setTop] = useState(0);
  const isOwner = audience === 'owner';
  const selection = useSelection(order);
  const [help, setHelp] = useState(false);
  const deletion = useDeletion();
  const reveal = useRef<(index: number) => void>(null);

  const more = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  const show = useCallback(
    (id: string | undefined) =>
      void navigate({ to: '.', search: (before: object) => ({ ...before, photo: id }), hash: true, replace: photo !== undefined, resetScroll: false }),
    [navigate, photo],
  );
  const close = () => {
    const last = photo;
    show(undefined);
    // Back to the tile of the photo that was seen last.
    if (last) requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-tile="${last}"]`)?.focus());
  };
  const until = list.of === 'mine' ? list.until : undefined;
  const goToMonth = (month: string, isFinal: boolean) => {
    const index = until && month > until ? -1 : firstOf(images, month);
    if (index >= 0) reveal.current?.(index);
    else if (isFinal) void navigate({ to: '/', search: { until: month } });
  };
  const chosenOr = (image: Image) => (selection.has(image.image_id) ? images.filter(({ image_id }) => selection.has(image_id)) : [image]);

  usePageKeys({
    '?': () => setHelp(true),
    '/': props.focusFind,
    Escape: selection.ids.size > 0 ? selection.clear : undefined,
  });

  const failed = error && images.length === 0;
  return (
    <>
      <Suspense>
        {isOwner && selection.ids.size > 0 && (
          <BulkBar images={images.filter(({ image_id }) => selection.has(image_id))} selection={selection} albumId={props.albumId} />
        )}
      </Suspense>
      {failed && (
        <div className="empty" role="alert">
          <p>{explain(speech, error)}</p>
          <Button look="quiet" icon="retry" onPress={() => void refetch()}>
            {t('retry')}
          </Button>
        </div>
      )}
      {!isPending && !failed && images.length === 0 && !hasNextPage && (find ? <p className="empty soft">{t('find.none', { find })}</p> : props.empty)}
      <Photos
        label={label}
        images={images}
        reveal={reveal}
        {...(props.byMonth && { onTop: setTop })}
        {...(isOwner && { selection })}
        canAsk={audience !== 'guest'}
        byMonth={props.byMonth ?? false}
        hasMore={hasNextPage && !error}
        more={more}
        onKey={(key, image) => {
          if (key === 'Delete' && isOwner) deletion.remove(chosenOr(image));
          else if (key === 'i') show(image.image_id);
          else return false;
          return true;
        }}
      />
      {error && !failed && (
        <div className="row" role="alert">
          <p className="error-note">{explain(speech, error)}</p>
          <Button look="quiet" onPress={() => void fetchNextPage()}>
            {t('retry')}
          </Button>
        </div>
      )}
      <Suspense>{props.byMonth && !find && images.length > 0 && <Scrubber current={images[top] && monthOf(images[top].created_at)} go={goToMonth} />}</Suspense>
      <Suspense>
        {photo && !isPending && (
          <Viewer
            images={images}
            id={photo}
            audience={audience}
            hasMore={hasNextPage}
            more={more}
            show={show}
            close={close}
            remove={isOwner ? (image) => deletion.remove([image]) : undefined}
          />
        )}
        {help && <KeyHelp isOwner={isOwner} close={() => setHelp(false)} />}
      </Suspense>
    </>
  );
}

function filtered(images: Image[], find: string): Image[] {
  const wanted = find.trim().toLocaleLowerCase();
  if (!wanted) return images;
  return images.filter(({ caption, filename }) => `${caption ?? ''}\n${filename ?? ''}`.toLocaleLowerCase().includes(wanted));
}
