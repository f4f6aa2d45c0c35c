import { useCallback, useMemo, useRef, useState } from 'react';

/** Which photos are chosen. With shift, everything between the last one and this one. */
export interface Selection {
  ids: ReadonlySet<string>;
  has: (id: string) => boolean;
  toggle: (id: string, extend?: boolean) => void;
  all: () => void;
  clear: () => void;
}

export function useSelection(order: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  // A photo that has left the list is not chosen any more.
  const ids = useMemo(() => {
    const there = new Set(order);
    const kept = [...chosen].filter((id) => there.has(id));
    return kept.length === chosen.size ? chosen : new Set(kept);
  }, [order, chosen]);
  const toggle = useCallback(
    (id: string, extend = false) => {
      const from = extend && anchor.current ? order.indexOf(anchor.current) : -1;
      const to = order.indexOf(id);
      anchor.current = id;
      setChosen((before) => {
        const next = new Set(before);
        if (from >= 0 && to >= 0) {
          for (const each of order.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(each);
        } else if (!next.delete(id)) next.add(id);
        return next;
      });
    },
    [order],
  );
  return {
    ids,
    has: (id) => ids.has(id),
    toggle,
    all: () => setChosen(new Set(order)),
    clear: () => setChosen(new Set()),
  };
}
