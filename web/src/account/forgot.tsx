import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../api/client';
import { useApp } from '../app';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { toast } from '../ui/toasts';
import { useSpeech } from '../words/words';
import { Arrival } from './arrival-layout';
import { FormError } from './form-error';
import { MailboxHint } from './mailbox-hint';
import { NewPassword } from './new-password';
import { rememberedAddress } from './remembered-address';
import { useForm } from './use-form';

export function Forgot() {
  const { t } = useSpeech();
  const { open } = useApp();
  const navigate = useNavigate();
  const [email, setEmail] = useState<string>();
  const asking = useForm(async (typed) => {
    const address = (typed.email ?? '').trim();
    await ask(open.POST('/auth/forgot-password', { body: { email: address } }));
    rememberedAddress.write(address);
    setEmail(address);
  });
  const setting = useForm(async ({ code = '', password = '' }) => {
    const body = { email: email ?? '', code: code.replace(/\s/g, ''), password };
    await ask(open.POST('/auth/confirm-forgot-password', { body }));
    toast(t('forgot.done'));
    await navigate({ to: '/sign-in' });
  });
  if (email === undefined) {
    return (
      <Arrival title={t('forgot.title')} lead={t('forgot.lead')}>
        <form className="form" onSubmit={asking.onSubmit} key="ask">
          <Field name="email" type="email" label={t('email')} autoComplete="username" isRequired defaultValue={rememberedAddress.read()} />
          <FormError text={asking.error} />
          <Button type="submit" wide isPending={asking.busy}>
            {t('forgot.action')}
          </Button>
        </form>
        <p className="small">
          <Link to="/sign-in">{t('forgot.back')}</Link>
        </p>
      </Arrival>
    );
  }
  return (
    <Arrival title={t('forgot.new_title')} lead={t('confirm.lead', { email })}>
      <form className="form" onSubmit={setting.onSubmit} key="set">
        <div className="code">
          <Field name="code" label={t('code')} inputMode="numeric" autoComplete="one-time-code" pattern="\s*(\d\s*){6}" isRequired autoFocus />
        </div>
        <MailboxHint />
        <NewPassword name="password" label={t('password.new')} />
        <FormError text={setting.error} />
        <Button type="submit" wide isPending={setting.busy}>
          {t('forgot.set')}
        </Button>
      </form>
    </Arrival>
  );
}
