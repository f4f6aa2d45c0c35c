import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/** Which part of an element the window shows, and how wide the element is; measured before the first paint. */
export function useViewport(element: RefObject<HTMLElement | null>): { width: number; from: number; to: number } {
  const [state, setState] = useState({ width: 0, from: 0, to: 0 });
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    let frame = 0;
    const measure = () => {
      frame = 0;
      const { top, width } = node.getBoundingClientRect();
      // In steps, so that not every pixel of scrolling renders.
      const from = Math.floor((-top - innerHeight) / 200) * 200;
      const to = Math.ceil((-top + innerHeight * 2) / 200) * 200;
      setState((before) => (before.width === width && before.from === from && before.to === to ? before : { width, from, to }));
    };
    const soon = () => (frame ||= requestAnimationFrame(measure));
    measure();
    const observer = new ResizeObserver(soon);
    observer.observe(node);
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [element]);
  return state;
}

/** True once the page has stood still for a moment. */
export function useSettled(key: unknown, ms = 180): boolean {
  const [settled, setSettled] = useState<unknown>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), ms);
    return () => clearTimeout(timer);
  }, [key, ms]);
  return settled === key;
}
