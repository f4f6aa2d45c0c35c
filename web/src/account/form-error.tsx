import { Icon } from '../ui/icon';

/** Read out when it appears. */
export function FormError({ text }: { text: string | undefined }) {
  return (
    <div role="alert">
      {text && (
        <p className="error-note">
          <Icon name="warning" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}
