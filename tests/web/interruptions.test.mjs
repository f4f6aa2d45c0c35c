// Uploads through reloads, cut networks and second thoughts.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { scenes } from './scenes.mjs';
import { aBrowser, aVisitor, choose, CRAWLING, eventually, phase, signUp, test, tilesAre, until, uploadSpeed } from './support.mjs';

let browser;
before(async () => {
  browser = await aBrowser();
});
after(() => browser?.close());

async function aUser(name) {
  const visitor = await aVisitor(browser);
  await signUp(visitor.page, name);
  return visitor;
}
/** How many uploads are in one of these phases, at one moment. */
const inPhase = (page, ...phases) => page.locator(phases.map((each) => `.upload[data-phase=${each}]`).join()).count();

test('r61 a reload in mid-upload loses nothing and sends nothing twice', async () => {
  const { page, context, content } = await aUser('ada');
  const stored = [];
  page.on('response', (response) => {
    if (response.request().method() === 'PUT' && response.status() === 200) stored.push(new URL(response.url()).pathname);
  });
  await uploadSpeed(page, 150_000);
  await choose(page, await scenes(page, 10, { seed: 11 }));
  await until(async () => (await inPhase(page, 'arrived', 'ready')) >= 2, 'two photos there');
  await uploadSpeed(page, CRAWLING);
  await phase(page, 'sending').first().waitFor();
  await page.reload();
  await uploadSpeed(page);
  await tilesAre(page, 10);
  // An upload whose answer the reload cut off is stored, and no 200 tells of it: fewer than ten may be seen, never one twice.
  assert.equal(new Set(stored).size, stored.length, 'no original is stored twice');
  assert.ok(stored.length >= 2, 'the test saw uploads');
  await page.reload();
  await tilesAre(page, 10, 'ten and no more');
  content();
  await context.close();
});

test('r61 a network that goes and comes back is waited for', async () => {
  const { page, context, content } = await aUser('grace');
  await uploadSpeed(page, CRAWLING);
  await choose(page, await scenes(page, 8, { seed: 12 }));
  await phase(page, 'sending').first().waitFor();
  await context.setOffline(true);
  await page.getByText('You are offline').waitFor();
  await page.getByText('waiting for the network').waitFor();
  await context.setOffline(false);
  await uploadSpeed(page);
  await page.getByText('You are offline').waitFor({ state: 'detached' });
  await tilesAre(page, 8);
  content();
  await context.close();
});

test('r53 a laptop without a network needs none', async () => {
  const { page, context, content } = await aVisitor(browser);
  // As a browser on a machine that has only itself.
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false }));
  await signUp(page, 'radia');
  await choose(page, await scenes(page, 2, { seed: 15 }));
  await until(async () => (await inPhase(page, 'ready')) === 2, 'two photos ready');
  assert.equal(await page.getByText('You are offline').count(), 0);
  content();
  await context.close();
});

test('r61 uploads that were paused stay so after a reload, until they are resumed', async () => {
  const { page, context, content } = await aUser('mary');
  await uploadSpeed(page, CRAWLING);
  await choose(page, await scenes(page, 6, { seed: 13 }));
  await phase(page, 'sending').first().waitFor();
  await page.getByRole('button', { name: 'Pause all' }).click();
  await page.getByText('Paused: 0 of 6').waitFor();
  await page.reload();
  await uploadSpeed(page);
  await page.getByText('Paused: 0 of 6').waitFor();
  // Long enough for photos that were sent all the same: nothing limits the speed any more.
  await page.waitForTimeout(2000);
  assert.equal(await inPhase(page, 'sending', 'arrived', 'ready'), 0);
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await tilesAre(page, 6);
  content();
  await context.close();
});

test('two hundred photos by a handful of requests, each once', async () => {
  const { page, context, content } = await aUser('eve');
  const batches = new Set();
  const polled = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    const ids = searchParams.get('ids');
    if (ids) polled.push(ids.split(',').length);
    // A request that is repeated after a 429 keeps its key.
    if (request.method() === 'POST' && /\/uploads?$/.test(pathname)) batches.add(request.headers()['idempotency-key']);
  });
  // While the page is hidden it asks for no photo's status, so all of them are in flight when it is shown again.
  const show = (visibility) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, visibility);
  await show('hidden');
  await choose(page, await scenes(page, 200, { width: 220, seed: 14 }));
  await page.getByText('Developing 200 photos').waitFor({ timeout: 600_000 });
  // The engine asks for ten tickets at least, until the last files are read.
  assert.ok(batches.size <= 20, `${batches.size} requests for tickets`);
  assert.deepEqual(polled, [], 'a hidden page asks for nothing');
  await show('visible');
  await page.getByText('200 photos are ready').waitFor({ timeout: 600_000 });
  assert.deepEqual(polled.slice(0, 4), [50, 50, 50, 50], 'fifty ids with each request');
  assert.ok(Math.max(...polled) <= 50, `fifty ids at most, not ${polled}`);
  content();
  await context.close();
});

test('pause holds everything, going on sends it, and cancelling leaves no trace', async () => {
  const { page, context, content } = await aUser('joan');
  await uploadSpeed(page, CRAWLING);
  await choose(page, await scenes(page, 5, { seed: 13 }));
  await phase(page, 'sending').first().waitFor();
  await page.getByRole('button', { name: 'Pause all' }).click();
  await page.getByText(/^Paused:/).waitFor();
  await eventually(() => inPhase(page, 'sending'), 0, 'silence');
  await page.getByRole('button', { name: 'Cancel scene-13-4.jpg' }).click();
  await eventually(() => inPhase(page, 'queued'), 4, 'the other four, which wait');
  await uploadSpeed(page);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('4 photos are ready').waitFor({ timeout: 600_000 });
  await tilesAre(page, 4);
  await page.reload();
  await tilesAre(page, 4, 'four and no more');
  content();
  await context.close();
});
