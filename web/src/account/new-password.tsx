import { password } from '../../../settings/identity.json';
import { Field } from '../ui/field';
import { useSpeech } from '../words/words';

/** The field of a password that a person chooses. The API decides which one will do. */
export function NewPassword({ name, label }: { name: string; label: string }) {
  const { t } = useSpeech();
  return (
    <Field
      name={name}
      type="password"
      label={label}
      autoComplete="new-password"
      hint={t('password.hint', { length: password.minimum_length })}
      isRequired
      minLength={password.minimum_length}
      maxLength={256}
    />
  );
}
