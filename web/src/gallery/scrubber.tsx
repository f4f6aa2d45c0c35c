import './scrubber.css';
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../ui/icon';
import { useSpeech } from '../words/words';
import { type Month, middleOf, monthAt, railOf } from './months';
import { useMonths } from './use-months';

interface ScrubberProps {
  /** The month at the upper edge of the window. */
  current: string | undefined;
  /** Shows the month. While the pointer is still down (`isFinal` is false), only what costs no request. */
  go: (month: string, isFinal: boolean) => void;
}

/** Months beside the gallery: a rail on wide screens, a choice in the page's head on narrow ones. */
export default function Scrubber(props: ScrubberProps) {
  const { data } = useMonths();
  if (!data || data.items.length < 2) return null;
  return (
    <>
      <Rail {...props} months={data.items} />
      <Choice {...props} months={data.items} />
    </>
  );
}

function Rail({ months, current, go }: ScrubberProps & { months: Month[] }) {
  const { t, date } = useSpeech();
  const rail = useRef<HTMLDivElement>(null);
  const height = useHeight(rail);
  const marks = useMemo(() => railOf(months, height), [months, height]);
  const [pointed, setPointed] = useState<string>();
  const held = useRef(false);
  const index = Math.max(0, months.findIndex(({ month }) => month <= (current ?? '9')));
  const here = marks[index];
  const shown = marks.find(({ month }) => month === pointed);
  const name = (month: string) => date(middleOf(month), 'month');

  const point = (event: PointerEvent) => monthAt(marks, event.clientY - (rail.current?.getBoundingClientRect().top ?? 0));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1, Home: 0, End: months.length - 1 };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const month = months[Math.max(0, Math.min(months.length - 1, to))];
    if (month) go(month.month, true);
  };
  return (
    <div
      ref={rail}
      className="rail"
      role="slider"
      tabIndex={0}
      aria-label={t('months.label')}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={months.length - 1}
      aria-valuenow={index}
      aria-valuetext={here && t('months.of', { month: name(here.month), count: here.count })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = true;
        const month = point(event);
        setPointed(month);
        if (month) go(month, false);
      }}
      onPointerMove={(event) => {
        const month = point(event);
        if (month === pointed) return;
        setPointed(month);
        if (held.current && month) go(month, false);
      }}
      onPointerUp={(event) => {
        held.current = false;
        const month = point(event);
        if (month) go(month, true);
      }}
      onPointerLeave={() => !held.current && setPointed(undefined)}
      onPointerCancel={() => ((held.current = false), setPointed(undefined))}
    >
      {marks.map(({ month, top, year }) => (
        <span key={month} className={year ? 'rail-year' : 'rail-month'} style={{ transform: `translateY(${top}px)` }} aria-hidden="true">
          {year}
        </span>
      ))}
      {here && <span className="rail-here" style={{ transform: `translateY(${here.top}px)`, height: here.height }} aria-hidden="true" />}
      {shown && (
        <span className="rail-name" style={{ transform: `translateY(${Math.min(shown.top, height - 32)}px)` }} aria-hidden="true">
          {t('months.of', { month: name(shown.month), count: shown.count })}
        </span>
      )}
    </div>
  );
}

/** The device's own choice, behind a button. */
function Choice({ months, current, go }: ScrubberProps & { months: Month[] }) {
  const { t, date } = useSpeech();
  const value = months.find(({ month }) => month <= (current ?? '9'))?.month;
  return (
    <label className="month-choice button quiet icon">
      <Icon name="calendar" />
      <select aria-label={t('months.label')} value={value ?? ''} onChange={(event) => go(event.target.value, true)}>
        {months.map(({ month, count }) => (
          <option key={month} value={month}>
            {t('months.of', { month: date(middleOf(month), 'month'), count })}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Measured before the first paint, since a pointer may be on the element by then. */
function useHeight(element: { current: HTMLElement | null }): number {
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const measure = () => setHeight(node.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return height;
}
