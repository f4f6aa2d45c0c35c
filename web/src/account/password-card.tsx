import { ask } from '../api/client';
import { Problem } from '../api/problem';
import { useApp } from '../app';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { toast } from '../ui/toasts';
import { useSpeech } from '../words/words';
import { FormError } from './form-error';
import { NewPassword } from './new-password';
import { useForm } from './use-form';

/** Changes the password; every other sign-in ends, and this one goes on with the tokens of the answer. */
export function PasswordCard() {
  const { t } = useSpeech();
  const { api, session } = useApp();
  const form = useForm(async ({ password = '', new_password = '' }, element) => {
    try {
      session.replace(await ask(api.POST('/auth/change-password', { body: { password, new_password } })));
    } catch (error) {
      if (error instanceof Problem && error.errors[0]?.field === 'password') return form.setError(t('account.password_wrong'));
      throw error;
    }
    element.reset();
    toast(t('account.password_changed'));
  });
  return (
    <section className="card stack">
      <h2>{t('password')}</h2>
      <form className="form" onSubmit={form.onSubmit}>
        {/* For the browser's password manager, which must know whose password changes. */}
        <input type="hidden" name="username" autoComplete="username" value={session.email ?? ''} />
        <Field name="password" type="password" label={t('account.password_now')} autoComplete="current-password" isRequired maxLength={256} />
        <NewPassword name="new_password" label={t('password.new')} />
        <p className="small soft">{t('account.password_note')}</p>
        <FormError text={form.error} />
        <div className="row">
          <Button type="submit" look="quiet" isPending={form.busy}>
            {t('account.password_change')}
          </Button>
        </div>
      </form>
    </section>
  );
}
