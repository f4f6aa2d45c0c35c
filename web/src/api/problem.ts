import type { components } from './schema';

export type ProblemCode = components['schemas']['ProblemCode'];

/** An answer that is an error, or no answer at all: `Offline`. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode | 'Offline' | 'Unknown',
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
    readonly errors: { field: string; message: string }[] = [],
    readonly retryAfterSeconds?: number,
    readonly requestId?: string,
  ) {
    super(`${code}: ${detail ?? title}`);
    this.name = 'Problem';
  }

  get isOffline(): boolean {
    return this.code === 'Offline';
  }
}

export const offline = (cause: unknown) => new Problem('Offline', 0, String(cause));

/** `Retry-After` in seconds, also if it is a date. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const told = headers.get('retry-after');
  if (!told) return undefined;
  const seconds = /^\d+$/.test(told) ? Number(told) : (Date.parse(told) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

export function problemOf(body: unknown, response: Response): Problem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Partial<components['schemas']['Problem']>;
  return new Problem(
    said.code ?? 'Unknown',
    response.status,
    said.title ?? `HTTP ${response.status}`,
    said.detail,
    said.errors,
    retryAfter(response.headers),
    said.request_id ?? response.headers.get('x-request-id') ?? undefined,
  );
}
