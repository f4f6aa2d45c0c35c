import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';

/** A page, or a part of it, that has nothing to show: what it is for, and what to do. */
export function Empty(props: { icon: IconName; title: string; text: string; isPage?: boolean; isAlert?: boolean; children?: ReactNode }) {
  const Heading = props.isPage ? 'h1' : 'h2';
  return (
    <div className="empty" role={props.isAlert ? 'alert' : undefined}>
      <span className="empty-icon">
        <Icon name={props.icon} />
      </span>
      <Heading>{props.title}</Heading>
      {props.text && <p>{props.text}</p>}
      {props.children}
    </div>
  );
}
