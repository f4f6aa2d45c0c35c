import { type Api, ask } from '../api/client';
import { Problem } from '../api/problem';
import type { Batch, Ticket } from './types';

/** The source of tickets. */
export interface Office {
  /** A repeated request for the same batch gives the same tickets. */
  tickets(batch: Batch): Promise<Ticket[]>;
  /** Another ticket for a photo that did not arrive; `arrived` if it did, `forgotten` after a day. */
  renew(imageId: string): Promise<Ticket | 'arrived' | 'forgotten'>;
  /** A ticket that will not be used. */
  giveUp(imageId: string): Promise<void>;
}

export const UPLOADS_PER_CALL = 50;

export function office(api: Api): Office {
  return {
    tickets: async (batch) => {
      const params = { header: { 'Idempotency-Key': batch.key } };
      return (await ask(api.POST('/uploads', { params, body: { uploads: batch.uploads } }))).tickets;
    },
    renew: async (image_id) => {
      try {
        return await ask(api.POST('/upload/{image_id}', { params: { path: { image_id } } }));
      } catch (error) {
        if (error instanceof Problem && error.status === 409) return 'arrived';
        if (error instanceof Problem && error.status === 404) return 'forgotten';
        throw error;
      }
    },
    giveUp: async (image_id) => {
      await ask(api.DELETE('/image/{image_id}', { params: { path: { image_id } } }));
    },
  };
}
