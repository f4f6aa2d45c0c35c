import { offline } from '../api/problem';
import type { Ticket } from './types';

export interface PutAnswer {
  status: number;
  retryAfterSeconds?: number;
}
export type Put = (ticket: Ticket, file: Blob, sent: (bytes: number) => void, signal: AbortSignal) => Promise<PutAnswer>;

/** By XMLHttpRequest, since `fetch` does not report the progress of an upload. */
export const put: Put = (ticket, file, sent, signal) =>
  new Promise((resolve, reject) => {
    const { method, url, headers } = ticket.upload;
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      // Browsers set the length themselves, and refuse a script that does.
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => {
      // Reads the list of all visible headers: asking for a header that this origin may not read is an error in the
      // console.
      const told = Number(/^retry-after: *(\d+)/im.exec(request.getAllResponseHeaders())?.[1] ?? Number.NaN);
      resolve({ status: request.status, ...(Number.isFinite(told) && { retryAfterSeconds: told }) });
    };
    request.onerror = request.ontimeout = () => reject(offline('upload'));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    if (signal.aborted) return reject(signal.reason);
    request.send(file);
  });
