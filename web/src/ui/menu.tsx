import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { buttonClass } from './button';
import { Icon, type IconName } from './icon';

export interface Choice {
  id: string;
  label: string;
  icon?: IconName;
  run: () => void;
}

/** Loaded when a page needs it: with `lazy(() => import('../ui/menu'))`. */
export default function ActionMenu(props: { label: string; icon: IconName; choices: Choice[] }) {
  return (
    <MenuTrigger>
      <Button className={buttonClass({ look: 'quiet', icon: props.icon })} aria-label={props.label}>
        <Icon name={props.icon} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label={props.label}
          onAction={(key) => props.choices.find((choice) => choice.id === key)?.run()}
        >
          {props.choices.map((choice) => (
            <MenuItem className="menu-item" key={choice.id} id={choice.id} textValue={choice.label}>
              {choice.icon && <Icon name={choice.icon} />}
              {choice.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
