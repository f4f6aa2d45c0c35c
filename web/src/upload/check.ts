import { bytesOf, sniff } from './sniff';
import type { Limits, Reason } from './types';

export interface Checked {
  file: Blob;
  name: string;
  type: string;
  sha256: string;
}

/** The longest name that the API takes, in characters. */
const NAME_MAX = 255;
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export function tidyName(name: string): string {
  const tidy = name.replace(FORBIDDEN, '_');
  if ([...tidy].length <= NAME_MAX) return tidy || 'photo';
  const ending = /\.[^.]{1,8}$/.exec(tidy)?.[0] ?? '';
  return [...tidy].slice(0, NAME_MAX - ending.length).join('') + ending;
}

/** All checks before a byte is sent, and the checksum of files that pass. */
export async function check(file: Blob, name: string, limits: Limits): Promise<Checked | Reason> {
  if (file.size === 0) return { code: 'Image.Empty' };
  let sniffed = await sniff(file);
  if ((sniffed === 'image/heic' || sniffed === 'image/avif') && !limits.contentTypes.includes(sniffed)) {
    const converted = await asJpeg(file);
    if (!converted) return { code: sniffed === 'image/heic' ? 'Image.Heic' : 'Image.Avif' };
    file = converted;
    sniffed = 'image/jpeg';
    name = `${name.replace(/\.[^.]*$/, '')}.jpg`;
  }
  if (!sniffed || !limits.contentTypes.includes(sniffed)) return { code: 'Image.Unsupported' };
  if (file.size > limits.maxBytes) return { code: 'Image.TooLarge' };
  return { file, name: tidyName(name), type: sniffed, sha256: await seal(file) };
}

export const isRefusal = (checked: Checked | Reason): checked is Reason => 'code' in checked;

async function seal(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await bytesOf(file));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Converts a file that the browser reads and this Darkroom does not (most browsers read AVIF, Safari HEIC), at the
 * browser's best quality. */
async function asJpeg(file: Blob): Promise<Blob | undefined> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d');
    if (!context) return undefined;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, picture.width, picture.height);
    context.drawImage(picture, 0, 0);
    picture.close();
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
  } catch {
    return undefined;
  }
}
