import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../api/client';
import { useApp } from '../app';
import { useMonths } from '../gallery/use-months';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { useSpeech } from '../words/words';
import { FormError } from './form-error';
import { isAddressOf } from './is-address-of';
import { rememberedAddress } from './remembered-address';
import { useForm } from './use-form';

/**
 * Closes the account. Address and password are typed once more: the typing is the confirmation, and the API erases an
 * account only for a sign-in of the last five minutes.
 */
export default function Closing({ userId, close }: { userId: string; close: () => void }) {
  const { t } = useSpeech();
  const { open, session } = useApp();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const photos = usePhotoCount();
  const form = useForm(async ({ password = '' }) => {
    const email = session.email ?? '';
    const { id_token } = await ask(open.POST('/auth/signin', { body: { email, password } }));
    await ask(open.DELETE('/me', { headers: { authorization: `Bearer ${id_token}` } }));
    rememberedAddress.write('');
    session.end();
    await navigate({ to: '/closed' });
    // Photos that are not sent yet are stored in this browser.
    await (await import('../upload/store')).discardUploads(userId);
  });
  return (
    <Dialog title={t('closing.title')} close={close}>
      <p>{photos === undefined ? t('closing.text_uncounted') : t('closing.text', { count: photos })}</p>
      <p className="soft small">{t('closing.note')}</p>
      <form className="form" onSubmit={form.onSubmit}>
        <Field label={t('closing.address', { email: session.email ?? '' })} value={typed} onChange={setTyped} inputMode="email" autoComplete="off" isRequired autoFocus />
        <Field name="password" type="password" label={t('closing.password')} autoComplete="current-password" isRequired maxLength={256} />
        <FormError text={form.error} />
        <div className="row end">
          <Button look="quiet" onPress={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" look="danger" isDisabled={!isAddressOf(session.email, typed)} isPending={form.busy}>
            {t('closing.action')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Undefined until it is known, and if there are more than the API counts. */
function usePhotoCount(): number | undefined {
  const { data } = useMonths();
  return data?.complete ? data.items.reduce((sum, { count }) => sum + count, 0) : undefined;
}
