import type { Album, Image } from '../api/client';
import { placeOf, smallest } from '../gallery/picture';
import { Icon } from '../ui/icon';

/** The newest photo of an album: its colour, then the list's thumbnail, then a sharper one if it is asked for. */
export function AlbumCover({ album, cover }: { album: Album; cover?: Image | undefined }) {
  const thumbnail = album.cover && smallest(album.cover);
  const sharp = cover && smallest(cover);
  const place = { objectPosition: placeOf(cover ?? album.cover) };
  return (
    <div className="album-cover" style={{ backgroundColor: album.cover?.facts?.dominant_color }}>
      {!thumbnail && <Icon name="albums" />}
      {thumbnail && <img src={thumbnail.url} alt="" decoding="async" style={place} />}
      {sharp && <img src={sharp.url} alt="" decoding="async" style={place} />}
    </div>
  );
}
