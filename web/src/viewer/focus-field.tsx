import { type MouseEvent, useId, useState } from 'react';
import type { Image, Schemas } from '../api/client';
import { largest, smallest } from '../gallery/picture';
import { Button } from '../ui/button';
import { useSpeech } from '../words/words';

type Focus = Schemas['Focus'];
const MIDDLE: Focus = { x: 0.5, y: 0.5 };

interface FocusFieldProps {
  image: Image;
  isPending: boolean;
  save: (focus: Focus | null) => void;
}

/** The place that crops keep: chosen by a click on the picture, or by the arrow keys on two sliders. */
export function FocusField({ image, isPending, save }: FocusFieldProps) {
  const { t, locale } = useSpeech();
  const [chosen, choose] = useState(image.focus);
  const id = useId();
  const picture = image.variants?.small ?? largest(image) ?? smallest(image);
  if (!picture) return null;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const point = chosen ?? MIDDLE;
  const isSaved = chosen?.x === image.focus?.x && chosen?.y === image.focus?.y;
  const onClick = ({ clientX, clientY, currentTarget }: MouseEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    choose({ x: share((clientX - left) / width), y: share((clientY - top) / height) });
  };
  return (
    <details className="focus-field">
      <summary>
        {t('focus.title')} <span className="soft">{image.focus ? `${percent.format(image.focus.x)}, ${percent.format(image.focus.y)}` : t('focus.none')}</span>
      </summary>
      <div className="stack">
        <p className="small soft">{t('focus.note')}</p>
        <div className="focus-picture" onClick={onClick}>
          <img src={picture.url} alt="" width={picture.width} height={picture.height} draggable={false} />
          <span className="focus-mark" style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%` }} />
        </div>
        {(['x', 'y'] as const).map((side) => (
          <div className="field" key={side}>
            <label htmlFor={`${id}${side}`}>{t(`focus.${side}`)}</label>
            <input
              id={`${id}${side}`}
              type="range"
              max={100}
              value={Math.round(point[side] * 100)}
              aria-valuetext={percent.format(point[side])}
              onChange={(event) => choose({ ...point, [side]: Number(event.target.value) / 100 })}
            />
          </div>
        ))}
        <div className="row end">
          {image.focus && (
            <Button look="quiet" isPending={isPending} onPress={() => {
              choose(undefined);
              save(null);
            }}>
              {t('focus.remove')}
            </Button>
          )}
          {chosen && !isSaved && (
            <Button isPending={isPending} onPress={() => save(chosen)}>
              {t('focus.save')}
            </Button>
          )}
        </div>
      </div>
    </details>
  );
}

/** To the thousandth, as the API keeps it. */
const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
