import './gallery.css';
import { type RefObject, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { Image } from '../api/client';
import { useSpeech } from '../words/words';
import { type Block, layOut, visibleBlocks } from './layout';
import { aspectOf } from './picture';
import type { Selection } from './selection';
import { Tile } from './tile';
import { useTileKeys } from './use-tile-keys';
import { useTopPhoto } from './use-top-photo';
import { useSettled, useViewport } from './use-viewport';

export interface PhotosProps {
  label: string;
  images: readonly Image[];
  selection?: Selection;
  canAsk: boolean;
  byMonth?: boolean;
  hasMore: boolean;
  more: () => void;
  /** Keys that act on the photo that has the focus. */
  onKey?: (key: string, image: Image) => boolean;
  /** Set to a function that scrolls to the photo of an index. */
  reveal?: RefObject<((index: number) => void) | null>;
  /** The index of the photo at the upper edge of the window, whenever it is another. */
  onTop?: (index: number) => void;
}

const HEADING = 54;
/** As high as `--header`. */
const HEADER = 60;

/** A wall of photos. Only tiles near the window are rendered; each photo has its place all the same. */
export function Photos(props: PhotosProps) {
  const { images, selection, hasMore, more, byMonth } = props;
  const { date } = useSpeech();
  const wall = useRef<HTMLDivElement>(null);
  const { width, from, to } = useViewport(wall);
  const settled = useSettled(from);
  const [current, setCurrent] = useState<string>();

  const layout = useMemo(() => {
    const narrow = width < 640;
    const shapes = images.map((image) => ({
      id: image.image_id,
      aspect: aspectOf(image),
      ...(byMonth && { group: date(image.created_at, 'month') }),
    }));
    const sizes = { width, rowHeight: narrow ? 132 : width < 1200 ? 200 : 236, gap: narrow ? 3 : 6, heading: HEADING };
    return width === 0 ? { blocks: [], height: 0 } : layOut(shapes, sizes);
  }, [images, width, byMonth, date]);

  const blocks = visibleBlocks(layout.blocks, from, to);
  // The next page before the end is in sight.
  const near = width > 0 && to > layout.height - 1200;
  useEffect(() => {
    if (hasMore && near) more();
  }, [hasMore, near, more, layout.height]);

  useTopPhoto(wall, layout.blocks, props.onTop);
  useImperativeHandle(
    props.reveal,
    () => (index) => {
      const row = layout.blocks.find((block) => block.kind === 'row' && block.photos.some((photo) => photo.index === index));
      if (wall.current && row) scrollTo({ top: wall.current.getBoundingClientRect().top + scrollY + row.top - HEADER - HEADING });
    },
    [layout],
  );

  const active = current !== undefined && images.some(({ image_id }) => image_id === current) ? current : images[0]?.image_id;
  const onKeyDown = useTileKeys({ images, blocks: layout.blocks, wall, selection, onKey: props.onKey });
  const choosing = (selection?.ids.size ?? 0) > 0;

  return (
    <div
      ref={wall}
      className="photos"
      role="region"
      aria-label={props.label}
      style={{ height: layout.height }}
      data-choosing={choosing || undefined}
      data-settled={settled || undefined}
      onKeyDown={onKeyDown}
    >
      {blocks.map((block) => (
        <div
          key={block.kind === 'heading' ? block.group : block.photos[0]!.id}
          className="photos-block"
          // Moved rather than placed, so that photos which come in above shift no layout.
          style={{ height: block.height, transform: `translateY(${block.top}px)` }}
        >
          {block.kind === 'heading' ? <h2 className="photos-heading" style={{ height: block.height }}>{block.group}</h2> : row(block)}
        </div>
      ))}
    </div>
  );

  function row(block: Block & { kind: 'row' }) {
    return (
      <ul className="photos-row">
        {block.photos.map(({ id, index, width }) => (
          <Tile
            key={id}
            image={images[index]!}
            width={width}
            chosen={selection?.has(id) ?? false}
            choosing={choosing}
            current={id === active}
            canChoose={selection !== undefined}
            canAsk={props.canAsk}
            onToggle={selection?.toggle ?? nothing}
            onFocus={setCurrent}
          />
        ))}
      </ul>
    );
  }
}

const nothing = () => undefined;
