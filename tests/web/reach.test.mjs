// For everybody: by keyboard alone, on a phone, with a screen reader's names, in the dark, and without waiting.
import AxeBuilder from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { scenes } from './scenes.mjs';
import { aBrowser, aVisitor, choose, dialogWithFocus, eventually, signUp, still, test, tiles, until, uploadsSettle } from './support.mjs';

const FIRST_LOAD_BYTES = 150_000;
const SHIFT = 0.02;
/** A signed-in user's page, with nothing cached, on a network as a phone has it. */
const FIRST_PHOTO_MS = 3_000;
const PHONE_NETWORK = { offline: false, latency: 70, downloadThroughput: 1_200_000, uploadThroughput: 600_000 };
const LONG_TITLE = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen in Wien und anderswo';

let browser, ada, state;
before(async () => {
  browser = await aBrowser();
  ada = await aVisitor(browser);
  await signUp(ada.page);
  await choose(ada.page, await scenes(ada.page, 14, { width: 900, seed: 21 }));
  await uploadsSettle(ada.page);
  await ada.page.getByRole('button', { name: 'Clear the list' }).click();
  state = await ada.context.storageState();
});
after(() => browser?.close());

async function clean(page, what) {
  await still(page);
  // In the page itself, where the security policy lets nothing else in.
  const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const found = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(found, []);
  assert.ok(passes.length > 8, `${what}: axe looked at next to nothing`);
}

for (const colorScheme of ['light', 'dark']) {
  test(`r61 axe finds nothing on any page, ${colorScheme}`, async () => {
    const out = await aVisitor(browser, { colorScheme, reducedMotion: 'reduce' });
    for (const page of ['/sign-in', '/sign-up', '/confirm', '/forgot', '/closed', '/shared#nothing', '/nowhere']) {
      await out.page.goto(page);
      await out.page.locator('h1').first().waitFor();
      await clean(out.page, page);
    }
    await out.context.close();
    const { context, page, content } = await aVisitor(browser, { colorScheme, reducedMotion: 'reduce', storageState: state });
    await page.goto('/');
    await page.waitForFunction(() => document.querySelectorAll('.tile img[data-loaded]').length > 3);
    await clean(page, 'photos');
    await page.locator('.tile-check input').first().check();
    await page.getByRole('toolbar').waitFor();
    await clean(page, 'photos, some chosen');
    await page.keyboard.press('Escape');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await dialogWithFocus(page);
    await clean(page, 'keys');
    await page.keyboard.press('Escape');
    await page.locator('.tile a').first().click();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByText('Development began').waitFor();
    await page.locator('.focus-field summary').click();
    await clean(page, 'viewer');
    for (const [path, heading] of [['/everybody', 'Everybody'], ['/albums', 'Albums'], ['/account', 'Your account']]) {
      await page.goto(path);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await clean(page, path);
    }
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByLabel('List my profile').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'See what others see' }).waitFor();
    await clean(page, 'a listed profile');
    await page.getByRole('link', { name: 'See what others see' }).click();
    await page.getByRole('heading', { name: 'Ada', level: 1 }).waitFor();
    await page.getByText('No photo of theirs is public.').waitFor();
    await clean(page, 'somebody');
    await page.goBack();
    await page.getByRole('button', { name: 'Delete account…' }).click();
    await dialogWithFocus(page);
    await clean(page, 'deleting the account');
    content();
    await context.close();
  });
}

test('r61 everything by keyboard alone', async () => {
  const { context, page, content } = await aVisitor(browser, { storageState: state });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-tile') ?? document.activeElement?.textContent);
  await page.goto('/');
  await tiles(page).first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the photos');
  for (let step = 0; step < 20 && !(await page.evaluate(() => document.activeElement?.hasAttribute('data-tile'))); step++) await page.keyboard.press('Tab');
  const first = await focused();
  await page.keyboard.press('ArrowRight');
  const second = await focused();
  assert.notEqual(first, second);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await eventually(focused, first, 'the first photo');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('3 chosen').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('3 chosen').waitFor({ state: 'detached' });
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await dialogWithFocus(page);
  await page.getByText('1 of 14').waitFor();
  // The lightbox takes keys once it has measured its place and shows the photo there.
  await page.locator('.yarl__slide_current img').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText('2 of 14').waitFor();
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await eventually(focused, second, 'the focus is back on the photo that was seen last');
  await page.keyboard.press('/');
  await page.keyboard.type('scene-21-3');
  await eventually(() => tiles(page).count(), 1, 'the one photo');
  content();
  await context.close();
});

test('r61 on a phone: nothing is wider than the screen, and everything is in reach', async () => {
  const { context, page, content } = await aVisitor(browser, { storageState: state, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  // A phone shows a page that is too wide smaller, so that the window's own width grows with it.
  const fits = (what, width) => eventually(() => page.evaluate(() => Math.max(innerWidth, document.documentElement.scrollWidth)), width, what);
  await page.goto('/albums');
  await page.getByRole('button', { name: 'New album' }).tap();
  await page.getByLabel('Title').fill(LONG_TITLE);
  await page.getByRole('dialog').getByRole('button', { name: 'Create album' }).tap();
  await page.getByRole('heading', { name: LONG_TITLE }).waitFor();
  await fits('an album with a long title', 360);
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    for (const path of ['/', '/everybody', '/albums', '/account', '/nowhere']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      await fits(path, width);
    }
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/');
  const lowerEdge = async () => {
    const { y, height } = await page.getByRole('navigation').boundingBox();
    return Math.round(y + height);
  };
  await eventually(lowerEdge, 740, 'the places are at the lower edge, in reach of a thumb');
  const button = await page.getByRole('button', { name: 'Upload' }).boundingBox();
  assert.ok(button.y < 60 && button.height >= 40);
  await page.locator('.tile a').first().tap();
  await page.getByRole('dialog').waitFor();
  await page.getByRole('button', { name: 'Details' }).tap();
  await page.getByRole('heading', { name: 'Facts' }).waitFor();
  content();
  await context.close();
});

test('first load and layout shift are within their budgets', async (t) => {
  const { context, page } = await aVisitor(browser, { storageState: state, serviceWorkers: 'block' });
  await page.goto('/');
  await page.waitForFunction(() => document.querySelectorAll('.tile img[data-loaded]').length > 5);
  // The engine for uploads comes last, 1.5 s after the page: with it, the figure is the same on any machine.
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/start-')));
  await page.waitForLoadState('networkidle');
  const bytes = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  t.diagnostic(`first load: ${bytes} bytes`);
  assert.ok(bytes > 50_000 && bytes <= FIRST_LOAD_BYTES, `first load is ${bytes} bytes`);
  await page.mouse.wheel(0, 2000);
  await page.waitForFunction(() => scrollY > 0);
  await page.waitForTimeout(800);
  const shift = await page.evaluate(() => window.shift);
  t.diagnostic(`layout shift: ${shift}`);
  assert.ok(shift <= SHIFT, `layout shift is ${shift}`);
  await context.close();
});

test('the first photo is there within its budget', async (t) => {
  const times = [];
  for (let visit = 0; visit < 3; visit++) {
    const { context, page } = await aVisitor(browser, { storageState: state, serviceWorkers: 'block' });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', PHONE_NETWORK);
    await page.goto('/', { waitUntil: 'commit' });
    await page.waitForFunction(() => document.querySelector('.tile img[data-loaded]'));
    times.push(Math.round(await page.evaluate(() => performance.now())));
    await context.close();
  }
  t.diagnostic(`first photo after ${times.join(', ')} ms`);
  // The best of three, since the machine has other work.
  assert.ok(Math.min(...times) <= FIRST_PHOTO_MS, `the first photo came after ${times.join(', ')} ms`);
});

test('a form says what is wrong in the language of the page, and no button moves under a click', async () => {
  const { context, page, content } = await aVisitor(browser, { locale: 'en-GB' });
  await page.goto('/sign-up');
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByLabel('E-Mail-Adresse').fill('not an address');
  await page.getByLabel('Passwort').fill('short');
  const send = page.getByRole('button', { name: 'Konto anlegen' });
  await send.click();
  await page.getByText('Das ist keine ganze E-Mail-Adresse').waitFor();
  await page.getByText('Bitte mindestens 12 Zeichen.').waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('name')), 'email', 'the first field that is wrong has the focus');
  await page.getByLabel('E-Mail-Adresse').fill('mara@example.com');
  await page.getByLabel('Passwort').fill('long enough, all of it');
  const before = await send.boundingBox();
  await page.getByLabel('Passwort').blur();
  assert.deepEqual(await send.boundingBox(), before, 'the errors went as the values became right');
  content();
  await context.close();
});

test('in German, every word', async () => {
  const { context, page, content } = await aVisitor(browser, { storageState: state, locale: 'de-DE' });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Deine Fotos' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  content();
  await context.close();
});

test('opens without a network, once it was there', async () => {
  const { context, page } = await aVisitor(browser, { storageState: state });
  await page.goto('/');
  await tiles(page).first().waitFor();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active !== null);
  await page.reload();
  await tiles(page).first().waitFor();
  await context.setOffline(true);
  await page.reload();
  await page.getByText('You are offline').waitFor();
  await context.close();
});
