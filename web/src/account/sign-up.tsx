import { Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
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

// The password, between the two pages and in memory only: after confirming, a person need not type it again.
let password: string | undefined;

export function SignUp() {
  const { t } = useSpeech();
  const { open } = useApp();
  const navigate = useNavigate();
  const form = useForm(async (typed) => {
    const email = (typed.email ?? '').trim();
    password = typed.password ?? '';
    await ask(open.POST('/auth/signup', { body: { email, password } }));
    rememberedAddress.write(email);
    await navigate({ to: '/confirm' });
  });
  return (
    <Arrival title={t('sign_up.title')} lead={t('sign_up.lead')}>
      <form className="form" onSubmit={form.onSubmit}>
        <Field name="email" type="email" label={t('email')} autoComplete="username" isRequired defaultValue={rememberedAddress.read()} />
        <NewPassword name="password" label={t('password')} />
        <FormError text={form.error} />
        <Button type="submit" wide isPending={form.busy}>
          {t('sign_up.action')}
        </Button>
      </form>
      <p className="small">
        {t('sign_up.known')} <Link to="/sign-in">{t('sign_in.action')}</Link>
      </p>
    </Arrival>
  );
}

export function Confirm() {
  const { t } = useSpeech();
  const { open, session } = useApp();
  const navigate = useNavigate();
  const address = useRef(rememberedAddress.read());
  const form = useForm(async (typed) => {
    const email = (typed.email ?? address.current).trim();
    await ask(open.POST('/auth/verify', { body: { email, code: (typed.code ?? '').replace(/\s/g, '') } }));
    rememberedAddress.write(email);
    if (password === undefined) {
      toast(t('confirm.done'));
      await navigate({ to: '/sign-in' });
      return;
    }
    const tokens = await ask(open.POST('/auth/signin', { body: { email, password } }));
    password = undefined;
    session.begin(tokens, email, true);
    await navigate({ to: '/' });
  });
  const again = useForm(async () => {
    await ask(open.POST('/auth/resend-code', { body: { email: address.current } }));
    toast(t('confirm.sent_again'));
  });
  return (
    <Arrival
      title={t('confirm.title')}
      lead={address.current ? t('confirm.lead', { email: address.current }) : t('confirm.lead_unknown')}
    >
      <form className="form" onSubmit={form.onSubmit}>
        {!address.current && <Field name="email" type="email" label={t('email')} autoComplete="username" isRequired />}
        <div className="code">
          <Field name="code" label={t('code')} inputMode="numeric" autoComplete="one-time-code" pattern="\s*(\d\s*){6}" isRequired autoFocus />
        </div>
        <MailboxHint />
        <FormError text={form.error ?? again.error} />
        <Button type="submit" wide isPending={form.busy}>
          {t('confirm.action')}
        </Button>
      </form>
      <form className="row small" onSubmit={again.onSubmit}>
        <span className="soft">{t('confirm.none')}</span>
        <button type="submit" className="link-button" disabled={again.busy || !address.current}>
          {t('confirm.again')}
        </button>
        <Link to="/sign-up">{t('confirm.other_address')}</Link>
      </form>
    </Arrival>
  );
}
