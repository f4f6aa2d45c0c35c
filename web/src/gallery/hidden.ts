/** Photos that are about to be deleted: hidden while the deletion can still be undone. */
let ids: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function change(next: Set<string>) {
  ids = next;
  for (const listener of listeners) listener();
}

export const hidden = {
  current: () => ids,
  hide: (more: string[]) => change(new Set([...ids, ...more])),
  show: (back: string[]) => change(new Set([...ids].filter((id) => !back.includes(id)))),
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
