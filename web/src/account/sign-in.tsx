import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { ask } from '../api/client';
import { useApp } from '../app';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { useSpeech } from '../words/words';
import { Arrival } from './arrival-layout';
import { FormError } from './form-error';
import { rememberedAddress } from './remembered-address';
import { useForm } from './use-form';

export function SignIn() {
  const { t } = useSpeech();
  const { open, session } = useApp();
  const router = useRouter();
  const { next } = useSearch({ from: '/open/sign-in' });
  const form = useForm(async ({ email = '', password = '', stay }) => {
    const tokens = await ask(open.POST('/auth/signin', { body: { email, password } }));
    session.begin(tokens, email, stay === 'yes');
    router.history.replace(next ?? '/');
  });
  return (
    <Arrival title={t('sign_in.title')} lead={t('sign_in.lead')}>
      <form className="form" onSubmit={form.onSubmit}>
        <Field name="email" type="email" label={t('email')} autoComplete="username" isRequired defaultValue={rememberedAddress.read()} />
        <Field name="password" type="password" label={t('password')} autoComplete="current-password" isRequired maxLength={256} />
        <div className="row apart">
          <label className="check">
            <input type="checkbox" name="stay" value="yes" defaultChecked />
            {t('sign_in.stay')}
          </label>
          <Link to="/forgot" className="small">
            {t('sign_in.forgot')}
          </Link>
        </div>
        <FormError text={form.error} />
        <Button type="submit" wide isPending={form.busy}>
          {t('sign_in.action')}
        </Button>
      </form>
      <p className="small">
        {t('sign_in.new')} <Link to="/sign-up">{t('sign_up.action')}</Link>
      </p>
    </Arrival>
  );
}
