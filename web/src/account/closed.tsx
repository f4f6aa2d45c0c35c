import { Link } from '@tanstack/react-router';
import { useSpeech } from '../words/words';
import { Arrival } from './arrival-layout';

/** The page after an account was closed. */
export function Closed() {
  const { t } = useSpeech();
  return (
    <Arrival title={t('closed.title')} lead={t('closed.lead')}>
      <p className="soft">{t('closed.text')}</p>
      <p className="small">
        {t('closed.again')} <Link to="/sign-up">{t('sign_up.action')}</Link>
      </p>
    </Arrival>
  );
}
