import type { Image, Variant } from '../api/client';

/** Width by height; a square for what has no picture yet. */
export function aspectOf(image: Image): number {
  const variant = Object.values(image.variants ?? {})[0];
  const size = image.source ?? variant;
  return size ? size.width / size.height : 1;
}

const bySize = (image: Image): Variant[] => Object.values(image.variants ?? {}).sort((a, b) => a.width - b.width);

export const smallest = (image: Image): Variant | undefined => bySize(image)[0];
export const largest = (image: Image): Variant | undefined => bySize(image).at(-1);

/** Where a frame of another shape shows the photo: around its focal point. */
export const placeOf = (image: Image | undefined) => image?.focus && `${image.focus.x * 100}% ${image.focus.y * 100}%`;

/** For the browser to choose from, by the width of the tile and the density of the screen. */
export function srcSet(image: Image): string {
  return bySize(image)
    .map((variant) => `${variant.url} ${variant.width}w`)
    .join(', ');
}

/** The name of a photo: its caption, else its file's name, else the day it came. */
export function nameOf(image: Image, date: (iso: string) => string): string {
  return image.caption ?? image.filename ?? date(image.created_at);
}
