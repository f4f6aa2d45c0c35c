import { Link } from '@tanstack/react-router';
import type { Image } from '../api/client';
import { Button } from '../ui/button';
import { useSpeech } from '../words/words';
import { Downloads } from './downloads';
import { Edit } from './edit';
import { Facts } from './facts';
import { Similar } from './similar';
import { Timeline } from './timeline';

interface PanelProps {
  image: Image;
  audience: 'owner' | 'visitor' | 'guest';
  close: () => void;
  show: (id: string) => void;
}

/** Beside the photo: the owner's fields, its sizes, facts, history, and similar photos. */
export function Panel({ image, audience, close, show }: PanelProps) {
  const { t } = useSpeech();
  const isOwner = audience === 'owner';
  const isReady = image.status === 'ready';
  return (
    <aside className="panel" aria-label={t('viewer.info')}>
      <div className="panel-body">
        <div className="row apart">
          <h3>{t('viewer.info')}</h3>
          <Button look="plain" icon="close" aria-label={t('viewer.info_close')} onPress={close} />
        </div>
        {isOwner ? <Edit image={image} key={image.image_id} /> : image.caption && <p>{image.caption}</p>}
        {!isOwner && image.owner && (
          <p>
            {t('viewer.owner')}{' '}
            <Link to="/people/$userId" params={{ userId: image.owner.user_id }}>
              {image.owner.display_name}
            </Link>
          </p>
        )}
        {isReady && <Downloads image={image} canAsk={isOwner} />}
        <Facts image={image} />
        {isOwner && <Timeline id={image.image_id} status={image.status} />}
        {isOwner && isReady && <Similar id={image.image_id} show={show} />}
      </div>
    </aside>
  );
}
