import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { ask, type Me } from '../api/client';
import { useApp } from '../app';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { toast } from '../ui/toasts';
import { useTitle } from '../ui/use-title';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { FormError } from './form-error';
import { LanguageChoice } from './language-choice';
import { PasswordCard } from './password-card';
import { useForm } from './use-form';
import { meQuery } from './use-me';

const Closing = lazy(() => import('./closing'));

export function AccountPage() {
  const speech = useSpeech();
  const { t } = speech;
  useTitle(t('account.title'));
  const app = useApp();
  const { session } = app;
  // The answer that other pages keep for a minute may be older than the last upload.
  const me = useQuery({ ...meQuery(app), refetchOnMount: 'always' });
  return (
    <div className="page narrow stack">
      <div className="page-head">
        <h1>{t('account.title')}</h1>
        <SignOut />
      </div>
      <section className="card stack">
        <h2>{t('account.you')}</h2>
        <div className="row">
          <p className="soft">{session.email}</p>
          {me.data?.roles.includes('operators') && <span className="badge">{t('account.operator')}</span>}
        </div>
        {me.data && <NameForm me={me.data} key={me.data.display_name} />}
        <FormError text={me.error ? explain(speech, me.error) : undefined} />
      </section>
      <PasswordCard />
      {me.data && <Day me={me.data} />}
      {me.data && <Stored stored={me.data.stored} />}
      <section className="card stack">
        <h2>{t('language')}</h2>
        <LanguageChoice />
      </section>
      {me.data && <ClosingCard me={me.data} />}
    </div>
  );
}

function NameForm({ me }: { me: Me }) {
  const { t } = useSpeech();
  const { api, queries } = useApp();
  const form = useForm(async ({ name = '', listed }) => {
    queries.setQueryData(['me'], await ask(api.PUT('/me', { body: { display_name: name.trim(), listed: listed === 'yes' } })));
    toast(t('account.name_saved'));
  });
  return (
    <form className="form" onSubmit={form.onSubmit}>
      <Field name="name" label={t('account.name')} hint={t('account.name_hint')} defaultValue={me.display_name ?? ''} isRequired maxLength={80} autoComplete="nickname" />
      <label className="check">
        <input type="checkbox" name="listed" value="yes" defaultChecked={me.listed} />
        {t('account.listed')}
      </label>
      <p className="small soft">{t('account.listed_note')}</p>
      {me.listed && (
        <Link to="/people/$userId" params={{ userId: me.user_id }} className="small alone">
          {t('account.listed_see')}
        </Link>
      )}
      <FormError text={form.error} />
      <div className="row">
        <Button type="submit" look="quiet" isPending={form.busy}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

/** The usage of the day, and the quota of the day. */
function Day({ me }: { me: Me }) {
  const { t, number, bytes, date } = useSpeech();
  const { usage, limits } = me;
  const rows = [
    { label: t('account.photos'), used: usage.images, of: limits.images_per_day, show: number },
    { label: t('account.bytes'), used: usage.bytes, of: limits.bytes_per_day, show: bytes },
  ];
  return (
    <section className="card stack">
      <h2>{t('account.day')}</h2>
      {rows.map(({ label, used, of, show }) => (
        <div className="stack" key={label}>
          <div className="row apart small">
            <span>{label}</span>
            <span className="soft">{t('account.used', { used: show(used), of: show(of) })}</span>
          </div>
          <div className="bar" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={of} aria-valuenow={used} aria-valuetext={show(used)}>
            <span style={{ scale: `${Math.min(1, used / of)} 1` }} />
          </div>
        </div>
      ))}
      <p className="small soft">{t('account.resets', { at: date(usage.resets_at, 'moment') })}</p>
      <p className="small soft">{t('account.file', { bytes: bytes(limits.file.max_bytes) })}</p>
    </section>
  );
}

function Stored({ stored: { images, bytes, complete } }: { stored: Me['stored'] }) {
  const speech = useSpeech();
  const { t } = speech;
  return (
    <section className="card stack">
      <h2>{t('stored.title')}</h2>
      <p>{t(complete ? 'stored.all' : 'stored.newest', { count: images, bytes: speech.bytes(bytes) })}</p>
      <p className="small soft">{t('stored.note')}</p>
    </section>
  );
}

function ClosingCard({ me }: { me: Me }) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState(false);
  return (
    <section className="card stack">
      <h2>{t('closing.title')}</h2>
      <p className="small soft">{t('closing.lead')}</p>
      <div className="row">
        <Button look="quiet-danger" onPress={() => setAsking(true)}>
          {t('closing.open')}
        </Button>
      </div>
      <Suspense>{asking && <Closing userId={me.user_id} close={() => setAsking(false)} />}</Suspense>
    </section>
  );
}

function SignOut() {
  const speech = useSpeech();
  const { open, session } = useApp();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: async () => {
      const refresh_token = session.refreshToken;
      // The sign-in ends here at once, and at Cognito as soon as the API's call arrives.
      session.end();
      await navigate({ to: '/sign-in' });
      if (refresh_token) await ask(open.POST('/auth/signout', { body: { refresh_token } }));
    },
    onError: (error) => toast(explain(speech, error)),
  });
  return (
    <Button look="quiet" onPress={() => leave.mutate()}>
      {speech.t('account.sign_out')}
    </Button>
  );
}
