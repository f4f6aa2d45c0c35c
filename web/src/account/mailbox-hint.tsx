import { useApp } from '../app';
import { useSpeech } from '../words/words';

/** On a laptop no mail is sent: the code waits in the local mailbox. */
export function MailboxHint() {
  const { t } = useSpeech();
  const { mailbox_url } = useApp().config;
  if (!mailbox_url) return null;
  return (
    <p className="small soft">
      {t('confirm.laptop')}{' '}
      <a href={mailbox_url} target="_blank" rel="noreferrer">
        {t('confirm.mailbox')}
      </a>
    </p>
  );
}
