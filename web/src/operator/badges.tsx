import type { Schemas } from '../api/client';
import { useWords } from './use-words';
import type { StateStatus } from './walk';

export type AnyStatus = Schemas['OpsStatus'] | StateStatus;

type Tone = 'good' | 'caught' | 'bad' | 'busy';

/** A colour and a mark each for succeeded, caught, failed and running. */
const TONES: Partial<Record<string, Tone>> = {
  succeeded: 'good', failed: 'bad', timed_out: 'bad', running: 'busy', caught: 'caught', aborted: 'caught', pending_redrive: 'caught',
};

/** An unknown status of a newer API is shown as worth a look. */
export const toneOf = (status: AnyStatus): Tone => TONES[status] ?? 'caught';

export const MARKS = { good: 'M5 12.5l4.500 4.500L19 7.500', caught: 'M12 6v8M12 17.500v.5', bad: 'M7 7l10 10M17 7 7 17', busy: 'M6.500 12h.01M12 12h.01M17.500 12h.01' } as const;

export function StatusMark({ status }: { status: AnyStatus }) {
  const tone = toneOf(status);
  return (
    <svg className="mark" data-tone={tone} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="12" />
      <path d={MARKS[tone]} />
    </svg>
  );
}

export function StatusBadge({ status }: { status: AnyStatus }) {
  const { t } = useWords();
  return (
    <span className="status">
      <StatusMark status={status} />
      {t(`status.${status}`)}
    </span>
  );
}
