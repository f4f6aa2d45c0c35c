import type { SlideImage } from 'yet-another-react-lightbox';
import type { Image } from '../api/client';
import { largest } from '../gallery/picture';

/** A photo in the lightbox's form; without a source there is no picture to show. */
export function slideOf(image: Image): SlideImage & { image: Image } {
  const best = largest(image);
  const alt = image.caption ?? image.filename ?? '';
  if (!best) return { src: '', alt, image };
  const srcSet = Object.values(image.variants ?? {}).map(({ url, width, height }) => ({ src: url, width, height }));
  // The shape of the whole photo, so that a thumbnail stands where its large variant will.
  const { width, height } = image.source ?? best;
  return { src: best.url, width, height, srcSet, alt, image };
}
