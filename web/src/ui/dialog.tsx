import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useSpeech } from '../words/words';
import { Button } from './button';

/** A question or a small form over the page; focus stays in it and goes back to where it came from. */
export function Dialog(props: { title: string; close: () => void; roomy?: boolean; children: ReactNode }) {
  const { t } = useSpeech();
  return (
    <ModalOverlay className="veil low" isOpen isDismissable onOpenChange={(open) => !open && props.close()}>
      <Modal className={props.roomy ? 'sheet roomy' : 'sheet'}>
        <AriaDialog>
          <div className="sheet-head">
            <Heading slot="title" level={2}>
              {props.title}
            </Heading>
            <Button look="plain" icon="close" aria-label={t('close')} onPress={props.close} />
          </div>
          {props.children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function Confirmation(props: {
  title: string;
  text: string;
  action: string;
  danger?: boolean;
  close: () => void;
  confirm: () => void;
}) {
  const { t } = useSpeech();
  return (
    <Dialog title={props.title} close={props.close}>
      <p className="soft">{props.text}</p>
      <div className="row end">
        <Button look="quiet" onPress={props.close}>
          {t('cancel')}
        </Button>
        <Button
          look={props.danger ? 'danger' : 'strong'}
          autoFocus
          onPress={() => {
            props.confirm();
            props.close();
          }}
        >
          {props.action}
        </Button>
      </div>
    </Dialog>
  );
}
