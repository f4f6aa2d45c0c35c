import { useSyncExternalStore } from 'react';
import { useSpeech } from '../words/words';
import { Button } from './button';

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

export const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

/** A short message at the lower edge, shown for some seconds. */
export function toast(text: string, action?: Toast['action'], seconds = action ? 8 : 5): number {
  const id = ++last;
  change([...toasts.slice(-2), { id, text, ...(action && { action }) }]);
  setTimeout(() => dismiss(id), seconds * 1000);
  return id;
}

export function Toasts() {
  const { t } = useSpeech();
  const shown = useSyncExternalStore(
    (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, action }) => (
        <div className="toast" key={id}>
          <span>{text}</span>
          {action && (
            <Button
              look="plain"
              onPress={() => {
                action.run();
                dismiss(id);
              }}
            >
              {action.label}
            </Button>
          )}
          <Button look="plain" icon="close" aria-label={t('close')} onPress={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
