// @vitest-environment jsdom
import { act } from 'react';
import type { Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Image } from '../api/client';
import { aBusyBrowser, anApp, shown } from '../page-harness';
import { type ImageList, MINE, MONTHS } from './cache';
import { PhotoList } from './photo-list';
import Scrubber from './scrubber';

const HEIGHT = 400;
const months = ['2026-11', '2025-12', '2024-06'].map((month) => ({ month, count: 20 }));
const photo = (month: string): Image => ({ image_id: month, status: 'ready', visibility: 'private', created_at: `${month}-03T10:00:00Z`, updated_at: '1' });

let app: ReturnType<typeof anApp>;
let root: Root;
beforeEach(() => {
  aBusyBrowser(HEIGHT);
  app = anApp();
  app.queries.setQueryData(MONTHS, { items: months, complete: true });
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('a pointer that is on the rail before the browser has measured it points at its month', async () => {
  const page = await shown(app, <Scrubber current={undefined} go={() => undefined} />);
  root = page.root;
  await act(async () => page.node.querySelector('.rail')!.dispatchEvent(new MouseEvent('pointermove', { bubbles: true, clientY: HEIGHT / 2 })));
  expect(page.node.querySelector('.rail-name')?.textContent).toBe('December 2025, 20 photos');
});

it('a list that begins with a month is at that month before the first scroll', async () => {
  const list: ImageList = { pages: [{ items: [photo('2025-12'), photo('2024-06')] }], pageParams: [undefined] };
  app.queries.setQueryData([...MINE, '2025-12'], list);
  const page = await shown(app, <PhotoList list={{ of: 'mine', until: '2025-12' }} label="Photos" audience="owner" byMonth empty={null} />);
  root = page.root;
  const rail = await vi.waitUntil(() => page.node.querySelector('.rail'));
  expect(rail.getAttribute('aria-valuetext')).toBe('December 2025, 20 photos');
});
