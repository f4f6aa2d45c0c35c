import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';

export function Field(props: TextFieldProps & { label: string; hint?: ReactNode; placeholder?: string }) {
  const { label, hint, placeholder, ...rest } = props;
  return (
    <TextField {...rest} className="field">
      <Label>{label}</Label>
      <Input placeholder={placeholder} />
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="error" />
    </TextField>
  );
}
