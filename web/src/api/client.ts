import createClient, { type Client } from 'openapi-fetch';
import type { Session } from '../session/session';
import { offline, Problem, problemOf } from './problem';
import { retrying } from './retrying';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Image = Schemas['Image'];
export type Album = Schemas['Album'];
export type Variant = Schemas['Variant'];
export type ShareLink = Schemas['ShareLink'];
export type Me = Schemas['Me'];
export type Api = Client<paths>;

/** For routes that need no account. */
export function anonymousApi(apiUrl: string): Api {
  return createClient<paths>({ baseUrl: apiUrl, fetch: retrying((request) => fetch(request)) });
}

/** For routes that need one: with a valid token, and once more with a new one if it was refused. */
export function signedInApi(apiUrl: string, session: Session): Api {
  const send = retrying((request) => fetch(request));
  return createClient<paths>({
    baseUrl: apiUrl,
    fetch: async (request: Request) => {
      const token = await session.idToken();
      if (!token) throw new Problem('Auth.Unauthorized', 401, 'Not signed in');
      const again = request.clone();
      request.headers.set('authorization', `Bearer ${token}`);
      const response = await send(request);
      if (response.status !== 401) return response;
      const other = await session.idTokenAfter(token);
      if (!other) return response;
      again.headers.set('authorization', `Bearer ${other}`);
      return send(again);
    },
  });
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a 2xx answer; a Problem is thrown for any other. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) throw error;
    throw offline(error);
  }
  if (!answer.response.ok) throw problemOf(answer.error, answer.response);
  return answer.data as T;
}
