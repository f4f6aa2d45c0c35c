import { Dialog } from '../ui/dialog';
import { type Key, useSpeech } from '../words/words';

const ALL: [string[], Key][] = [
  [['←', '→', '↑', '↓'], 'keys.move'],
  [['Enter'], 'keys.open'],
  [['i'], 'keys.info'],
  [['f'], 'keys.full'],
  [['+', '−'], 'keys.zoom'],
  [['Esc'], 'keys.close'],
  [['?'], 'keys.help'],
];
const OWN: [string[], Key][] = [
  [['x'], 'keys.choose'],
  [['⇧', '→'], 'keys.extend'],
  [['Del'], 'keys.delete'],
  [['/'], 'keys.find'],
];

export default function KeyHelp({ isOwner, close }: { isOwner: boolean; close: () => void }) {
  const { t } = useSpeech();
  return (
    <Dialog title={t('keys.title')} close={close}>
      <dl className="keys">
        {[...ALL, ...(isOwner ? OWN : [])].map(([keys, what]) => (
          <div key={what} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
