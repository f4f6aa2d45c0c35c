import { thumbHashToAverageRGBA, thumbHashToRGBA } from 'thumbhash';

/** A photo's blur, drawn on a canvas: a data: URL would be encoded as PNG and decoded again, for each tile. */
const bytes = (hash: string) => Uint8Array.from(atob(hash), (character) => character.charCodeAt(0));

export function drawThumbHash(canvas: HTMLCanvasElement, hash: string): void {
  const { w, h, rgba } = thumbHashToRGBA(bytes(hash));
  canvas.width = w;
  canvas.height = h;
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
}

export function averageColor(hash: string): string {
  const { r, g, b } = thumbHashToAverageRGBA(bytes(hash));
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
}
