// Ten thousand photos: only those near the window are in the page, and scrolling costs the same at the end as at the
// beginning. The answers of the lists are made here from real ones: ten thousand records in the table would set off as
// many events.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { scenes } from './scenes.mjs';
import { aBrowser, aVisitor, choose, signUp, test, tiles, until, uploadsSettle } from './support.mjs';

const PHOTOS = 10_000;
const MONTHS = 100;
/** More than the API gives at once, so that the test takes a fifth of the time. */
const PAGE = 500;
/** How much more a step may cost with all photos than with the first: in the middle, and the slowest one. Both are counted
 * in the page's own processor time, on the same machine a minute apart, so that a slow machine needs no larger budget. */
const GROWTH = 5;
const SLOWEST = 12;

let browser, ada, state;
before(async () => {
  browser = await aBrowser();
  ada = await aVisitor(browser);
  await signUp(ada.page);
  await choose(ada.page, await scenes(ada.page, 6, { width: 900, seed: 41 }));
  await uploadsSettle(ada.page);
  state = await ada.context.storageState();
});
after(() => browser?.close());

const idOf = (nth) => `01900000-0000-7000-8000-${String(PHOTOS - nth).padStart(12, '0')}`;
const timeOf = (nth) => new Date(Date.UTC(2026, -Math.floor(nth / (PHOTOS / MONTHS)), 15));

/** Answers of the API for ten thousand photos, which are copies of the first real ones. */
async function tenThousand(page) {
  let real;
  const copy = (nth) => ({ ...real.items[nth % real.items.length], image_id: idOf(nth), created_at: timeOf(nth).toISOString() });
  const answer = (route, json) => route.fulfill({ headers: real.headers, json });
  await page.route(/\/images\?limit=/, async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    if (!real) {
      const response = await route.fetch();
      const { 'access-control-allow-origin': origin } = response.headers();
      real = { ...(await response.json()), headers: { 'access-control-allow-origin': origin, 'content-type': 'application/json' } };
    }
    const items = Array.from({ length: PAGE }, (_, index) => copy(from + index));
    await answer(route, { items, ...(from + PAGE < PHOTOS && { next_cursor: String(from + PAGE) }) });
  });
  await page.route(/\/images\/months/, (route) => {
    const items = Array.from({ length: MONTHS }, (_, nth) => ({ month: timeOf(nth * (PHOTOS / MONTHS)).toISOString().slice(0, 7), count: PHOTOS / MONTHS }));
    return answer(route, { items, complete: true });
  });
  await page.route(/\/image\/01900000-/, (route) => {
    const nth = PHOTOS - Number(route.request().url().slice(-12));
    return answer(route, copy(nth));
  });
}

test('ten thousand photos scroll, and the page holds only those near the window', async (t) => {
  const { context, page, content } = await aVisitor(browser, { storageState: state, serviceWorkers: 'block' });
  await tenThousand(page);
  await page.goto('/');
  await tiles(page).first().waitFor();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  const busy = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ThreadTime').value;
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  let most = 0;
  /** The processor time that each step takes, the cheapest first. */
  const scrolled = async (steps, pixels) => {
    const costs = [];
    for (let step = 0; step < steps; step++) {
      const before = await busy();
      await page.evaluate((by) => scrollBy(0, by), pixels);
      await frames();
      costs.push((await busy()) - before);
      most = Math.max(most, await page.locator('.tile').count());
    }
    return costs.sort((a, b) => a - b);
  };
  const median = (costs) => costs[costs.length >> 1];

  await scrolled(4, 400);
  const first = await scrolled(12, 400);
  const last = page.locator(`.tile[data-image="${idOf(PHOTOS - 1)}"]`);
  await until(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await frames();
    most = Math.max(most, await page.locator('.tile').count());
    return last.isVisible();
  }, 'the last photo', 300);
  const end = await scrolled(12, -400);

  const report = [first, end].map((costs) => `${(median(costs) * 1000).toFixed(1)} ms, ${(costs.at(-1) * 1000).toFixed(1)} ms at most`);
  t.diagnostic(`${most} tiles in the page at most; a step takes ${report[0]} with the first photos, ${report[1]} with all`);
  assert.ok(most > 20 && most < 200, `${most} tiles in the page`);
  assert.ok(median(end) <= median(first) * GROWTH, `a step takes ${report[1]} with all photos, ${report[0]} with the first`);
  assert.ok(end.at(-1) <= median(first) * SLOWEST, `the slowest step takes ${report[1]} with all photos, ${report[0]} with the first`);
  content();
  await context.close();
});
