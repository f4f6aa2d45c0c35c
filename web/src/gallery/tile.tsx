import { Link } from '@tanstack/react-router';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Image } from '../api/client';
import { Icon } from '../ui/icon';
import { explainOutcome } from '../words/problems';
import { useSpeech } from '../words/words';
import { useImage } from './lists';
import { drawThumbHash } from './placeholder';
import { nameOf, smallest, srcSet } from './picture';

export interface TileProps {
  image: Image;
  width: number;
  chosen: boolean;
  choosing: boolean;
  /** The one tile that the tab key reaches; arrows move on from there. */
  current: boolean;
  canChoose: boolean;
  /** Whether more than the list's thumbnail may be asked for. */
  canAsk: boolean;
  onToggle: (id: string, extend: boolean) => void;
  onFocus: (id: string) => void;
}

export const Tile = memo(function Tile(props: TileProps) {
  const { image, width, chosen, choosing, current, canChoose, onToggle, onFocus } = props;
  const speech = useSpeech();
  const { t, date } = speech;
  const name = nameOf(image, date);
  const id = image.image_id;
  const held = useRef<ReturnType<typeof setTimeout>>(undefined);
  const label = t('tile.label', { name, date: date(image.created_at), state: image.status === 'ready' ? '' : t(`status.${image.status}`) });
  return (
    <li className="tile" style={{ width }} data-chosen={chosen || undefined} data-status={image.status} data-image={id}>
      <Link
        to="."
        search={(before: object) => ({ ...before, photo: id })}
        hash
        resetScroll={false}
        preload={false}
        aria-label={label}
        tabIndex={current ? 0 : -1}
        data-tile={id}
        draggable={false}
        onFocus={() => onFocus(id)}
        onClick={(event) => {
          const extend = event.shiftKey;
          if (!canChoose || !(choosing || extend)) return;
          event.preventDefault();
          onToggle(id, extend);
        }}
        onContextMenu={(event) => {
          // A long press on a phone, which has no shift key and no pointer to hover.
          if (!canChoose || !matchMedia('(pointer: coarse)').matches) return;
          event.preventDefault();
          clearTimeout(held.current);
          if (!choosing) onToggle(id, false);
        }}
      >
        {image.status === 'ready' ? <Picture image={image} width={width} canAsk={props.canAsk} /> : <State image={image} />}
      </Link>
      {canChoose && (
        <label className="tile-check">
          <input
            type="checkbox"
            checked={chosen}
            tabIndex={current ? 0 : -1}
            aria-label={t('tile.choose', { name })}
            onChange={(event) => onToggle(id, (event.nativeEvent as MouseEvent).shiftKey ?? false)}
          />
        </label>
      )}
    </li>
  );
});

/** The blur at once, the thumbnail over it, and a sharper one where the tile is larger than that. */
function Picture({ image, width, canAsk }: { image: Image; width: number; canAsk: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [loaded, setLoaded] = useState(false);
  const [broken, setBroken] = useState(false);
  const [rested, setRested] = useState(false);
  const hash = image.facts?.thumbhash;
  useLayoutEffect(() => {
    if (canvas.current && hash) drawThumbHash(canvas.current, hash);
  }, [hash]);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), 160);
    return () => clearTimeout(timer);
  }, []);
  const thumbnail = smallest(image);
  const enough = (thumbnail?.width ?? 0) >= width * devicePixelRatio * 0.85 || Object.keys(image.variants ?? {}).length > 1;
  const whole = useImage(image.image_id, canAsk && rested && (!enough || broken));
  const shown = whole.data?.variants ? whole.data : image;
  const source = smallest(shown);
  return (
    <>
      <canvas ref={canvas} aria-hidden="true" />
      {source && (
        <img
          src={source.url}
          srcSet={srcSet(shown)}
          sizes={`${Math.ceil(width)}px`}
          alt=""
          decoding="async"
          draggable={false}
          data-loaded={loaded || undefined}
          onLoad={() => setLoaded(true)}
          // A link that is too old: ask for another.
          onError={() => (setLoaded(false), setBroken(true))}
        />
      )}
      {image.visibility === 'public' && (
        <span className="tile-public">
          <Icon name="everybody" />
        </span>
      )}
    </>
  );
}

function State({ image }: { image: Image }) {
  const speech = useSpeech();
  const bad = image.status === 'rejected' || image.status === 'failed';
  return (
    <span className={bad ? 'tile-state bad' : 'tile-state'}>
      <Icon name={bad ? 'warning' : 'photos'} />
      <span>{bad ? explainOutcome(speech, image.outcome) : speech.t(`status.${image.status}`)}</span>
    </span>
  );
}
