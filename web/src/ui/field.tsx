import { type ComponentProps, type InvalidEvent, type ReactNode, useId, useState } from 'react';
import { type Key, useSpeech } from '../words/words';

type Given = 'name' | 'type' | 'defaultValue' | 'value' | 'inputMode' | 'autoComplete' | 'autoFocus' | 'pattern' | 'minLength' | 'maxLength';
type FieldProps = Pick<ComponentProps<'input'>, Given> & {
  label: string;
  hint?: ReactNode;
  isRequired?: boolean;
  onChange?: (value: string) => void;
};

/** A labelled input. The browser checks it when the form is sent, and the words are ours: the browser's are in the
 * language of the browser. An error goes as soon as the value is right, so that no button moves under a click. */
export function Field({ label, hint, isRequired, onChange, minLength, ...rest }: FieldProps) {
  const { t } = useSpeech();
  const id = useId();
  const [error, setError] = useState<Key>();
  const onInvalid = (event: InvalidEvent<HTMLInputElement>) => {
    event.preventDefault();
    const input = event.currentTarget;
    setError(complaint(input));
    if (input.form?.querySelector(':invalid') === input) input.focus();
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        required={isRequired}
        minLength={minLength}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={`${hint ? `${id}hint ` : ''}${id}error`}
        onInvalid={onInvalid}
        onChange={(event) => {
          if (error) setError(complaint(event.target));
          onChange?.(event.target.value);
        }}
      />
      {hint && (
        <p className="hint" id={`${id}hint`}>
          {hint}
        </p>
      )}
      <p className="error" id={`${id}error`} role="alert">
        {error && t(error, { length: minLength ?? 0 })}
      </p>
    </div>
  );
}

function complaint({ validity, type }: HTMLInputElement): Key | undefined {
  if (validity.valueMissing) return 'field.missing';
  if (validity.typeMismatch && type === 'email') return 'field.email';
  if (validity.tooShort) return 'field.short';
  if (validity.patternMismatch) return 'field.code';
  return validity.valid ? undefined : 'field.wrong';
}
