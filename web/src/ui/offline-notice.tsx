import { useSyncExternalStore } from 'react';
import { reach } from '../api/reach';
import { useSpeech } from '../words/words';
import { Icon } from './icon';

export function OfflineNotice() {
  const { t } = useSpeech();
  const online = useSyncExternalStore(reach.subscribe, reach.current);
  return (
    <div role="status">
      {!online && (
        <p className="notice">
          <Icon name="offline" />
          {t('offline')}
        </p>
      )}
    </div>
  );
}
