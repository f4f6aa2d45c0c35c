import { type FormEvent, useState } from 'react';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';

/** A form that calls the API: its values, whether the call runs, and its error in words. */
export function useForm(send: (typed: Record<string, string>, form: HTMLFormElement) => Promise<void>) {
  const speech = useSpeech();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  return {
    busy,
    error,
    setError,
    onSubmit: async (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      const form = event.currentTarget;
      const typed = Object.fromEntries(new FormData(form)) as Record<string, string>;
      setBusy(true);
      setError(undefined);
      try {
        await send(typed, form);
      } catch (caught) {
        setError(explain(speech, caught));
      } finally {
        setBusy(false);
      }
    },
  };
}
