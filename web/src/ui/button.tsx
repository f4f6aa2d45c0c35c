import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icon';

export interface Look {
  look?: 'strong' | 'quiet' | 'plain' | 'danger' | 'quiet-danger';
  icon?: IconName;
  wide?: boolean;
  children?: ReactNode;
}

type ButtonProps = Look & {
  onPress?: () => void;
  isDisabled?: boolean;
  /** While the action runs, the button keeps the focus and ignores clicks. */
  isPending?: boolean;
} & Pick<ComponentProps<'button'>, 'type' | 'autoFocus' | 'aria-label' | 'aria-expanded'>;

/** The browser's own button. React Aria's is 13 kB that the first page does without. */
export function Button({ look, icon, wide, children, onPress, isDisabled, isPending, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={buttonClass({ look, icon, wide, children })}
      title={children ? undefined : rest['aria-label']}
      disabled={isDisabled}
      aria-busy={isPending || undefined}
      onClick={(event) => {
        if (isPending) event.preventDefault();
        else onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function buttonClass({ look = 'strong', icon, wide, children }: { [Name in keyof Look]?: Look[Name] | undefined }): string {
  return `button ${look}${icon && !children ? ' icon' : ''}${wide ? ' wide' : ''}`;
}
