import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { useSpeech } from '../words/words';

export function TitleDialog(props: { heading: string; action: string; title?: string; close: () => void; save: (title: string) => void }) {
  const { t } = useSpeech();
  const [title, setTitle] = useState(props.title ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.save(title.trim());
    props.close();
  };
  return (
    <Dialog title={props.heading} close={props.close}>
      <form className="form" onSubmit={submit}>
        <Field label={t('album.title')} value={title} onChange={setTitle} isRequired maxLength={100} autoFocus />
        <div className="row end">
          <Button look="quiet" onPress={props.close}>
            {t('cancel')}
          </Button>
          <Button type="submit" isDisabled={title.trim() === ''}>
            {props.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
