import type { Image } from '../api/client';
import { offline, Problem } from '../api/problem';

const ENDINGS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/avif': 'avif' };

/** As the API names variants: the photo's own name, the size, and the ending of the format. */
export function fileNameOf(image: Image, size: string, contentType: string): string {
  const stem = (image.filename ?? image.caption ?? image.image_id).replace(/\.[^.]{1,5}$/, '').replace(/[/\\:*?"<>|]/g, '_');
  return `${stem.slice(0, 100)}-${size}.${ENDINGS[contentType] ?? 'img'}`;
}

/**
 * A link to another origin is shown rather than saved, so the bytes come here first; and past the cache, which has the
 * answer that was given to an image and lets no script read it.
 */
export async function fetchFile(url: string, signal?: AbortSignal): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(url, { cache: 'reload', signal: signal ?? null });
  } catch (error) {
    throw offline(error);
  }
  if (!answer.ok) throw new Problem('Unknown', answer.status, `HTTP ${answer.status}`);
  return answer.blob();
}

export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
