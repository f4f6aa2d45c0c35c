// The pictures of README and docs/WEB.md, and the pages that a reviewer wants to see: narrow and wide, light and dark.
// DARKROOM_WRITE=1 writes those of the documents; PICTURES=folder takes all of them there.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { makeOperator } from './aws.mjs';
import { backdate } from './backdated.mjs';
import { scenes } from './scenes.mjs';
import { aBrowser, aVisitor, choose, fixture, PASSWORD, phase, pictures, signUp, still, test, tilesAre, until, uploadSpeed, uploadsSettle } from './support.mjs';

const all = process.env.PICTURES ?? join(tmpdir(), `darkroom-pictures-${process.pid}`);
const DOCUMENTS = ['web-photos', 'web-viewer', 'web-upload', 'web-phone', 'web-months', 'web-operator'];
mkdirSync(all, { recursive: true });

let browser, state, link, email;
async function take(page, name) {
  await page.waitForTimeout(500);
  await still(page);
  const options = { type: 'jpeg', quality: 82, animations: 'disabled' };
  await page.screenshot({ path: join(all, `${name}.jpg`), ...options });
  if (process.env.DARKROOM_WRITE === '1' && DOCUMENTS.includes(name)) await page.screenshot({ path: join(pictures, `${name}.jpg`), ...options });
}
const seen = (page, count) => page.waitForFunction((least) => document.querySelectorAll('.tile img[data-loaded]').length >= least, count);

before(async () => {
  browser = await aBrowser();
});
after(() => browser?.close());

test('a wall of photos, while the last are being sent', async () => {
  const { context, page, content } = await aVisitor(browser, { viewport: { width: 1280, height: 800 } });
  await page.goto('/sign-up');
  await take(page, 'sign-up');
  email = await signUp(page);
  await take(page, 'empty');
  const files = await scenes(page, 20, { seed: 3 });
  const [dandelion, truncated] = ['dandelion.jpg', 'truncated.jpg'].map(fixture);
  await choose(page, files.slice(0, 15));
  await uploadsSettle(page);
  await choose(page, dandelion);
  await uploadsSettle(page);
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await choose(page, [truncated, fixture('text.jpg')]);
  await uploadsSettle(page);
  await uploadSpeed(page, 60_000);
  await choose(page, files.slice(15));
  await until(() => phase(page, 'sending').count().then((count) => count >= 3), 'some on their way');
  await page.waitForTimeout(2500);
  await take(page, 'web-upload');
  await uploadSpeed(page);
  await uploadsSettle(page);
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await tilesAre(page, 21);
  for (const nth of [0, 1, 2, 4, 6, 7, 8, 9]) await page.locator('.tile-check input').nth(nth).check();
  await page.getByRole('button', { name: 'Put into an album' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Evenings in the hills');
  await page.getByRole('button', { name: 'Create album' }).click();
  await page.getByText('8 photos are in').waitFor();
  await page.goto('/albums');
  await page.getByRole('link', { name: /Evenings/ }).click();
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Create link' }).click();
  link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await take(page, 'share');
  content();
  state = await context.storageState();
  await context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`each page, wide and narrow, ${colorScheme}`, async () => {
    const wide = await aVisitor(browser, { viewport: { width: 1440, height: 900 }, colorScheme, storageState: state });
    const { page } = wide;
    await page.goto('/');
    await seen(page, 12);
    await take(page, colorScheme === 'light' ? 'web-photos' : 'photos-dark');
    for (const nth of [0, 2, 3]) await page.locator('.tile-check input').nth(nth).check();
    await page.getByRole('toolbar').waitFor();
    await take(page, `chosen-${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /dandelion/ }).click();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByText('Development began').waitFor();
    await page.waitForTimeout(1500);
    await take(page, colorScheme === 'light' ? 'web-viewer' : 'viewer-dark');
    for (const [path, name] of [['/albums', 'albums'], ['/account', 'account'], ['/everybody', 'everybody']]) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await take(page, `${name}-${colorScheme}`);
    }
    await page.goto(link);
    await seen(page, 6);
    await take(page, `shared-${colorScheme}`);
    await wide.context.close();
    const phone = await aVisitor(browser, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme, storageState: state });
    await phone.page.goto('/');
    await seen(phone.page, 6);
    await take(phone.page, colorScheme === 'dark' ? 'web-phone' : 'phone-light');
    await phone.page.goto('/albums');
    await phone.page.waitForLoadState('networkidle');
    await take(phone.page, `phone-albums-${colorScheme}`);
    await phone.page.goto(link);
    await seen(phone.page, 4);
    await take(phone.page, `phone-shared-${colorScheme}`);
    await phone.page.goto('/sign-up');
    await phone.page.goto('/');
    await seen(phone.page, 4);
    await phone.page.locator('.tile a').nth(3).tap();
    await phone.page.getByRole('dialog').waitFor();
    await phone.page.waitForTimeout(1200);
    await take(phone.page, `phone-viewer-${colorScheme}`);
    await phone.page.getByRole('button', { name: 'Details' }).tap();
    await phone.page.getByText('Development began').waitFor();
    await take(phone.page, `phone-details-${colorScheme}`);
    await phone.context.close();
    wide.content();
    phone.content();
  });
}

test('years of photos, and the rail of their months', async () => {
  await backdate(email, { '2026-05': 12, '2025-12': 60, '2025-08': 90, '2025-03': 3, '2024-06': 40, '2023-07': 25 });
  for (const [name, options] of [
    ['web-months', { viewport: { width: 1280, height: 800 } }],
    ['months-dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
    ['phone-months', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  ]) {
    const { context, page, content } = await aVisitor(browser, { ...options, storageState: state });
    await page.goto('/?until=2025-08');
    await seen(page, 6);
    const rail = page.getByRole('slider', { name: 'Go to a month' });
    if (!options.isMobile) {
      await rail.waitFor();
      const { x, y, width, height } = await rail.boundingBox();
      await page.mouse.move(x + width / 2, y + height * 0.75);
    }
    await page.waitForTimeout(1200);
    await take(page, name);
    content();
    await context.close();
  }
});

test('the operator’s pages', async () => {
  await makeOperator(email);
  for (const [suffix, options] of [
    ['', { viewport: { width: 1440, height: 900 } }],
    ['-dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
    ['-phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  ]) {
    const { context, page, content } = await aVisitor(browser, options);
    await page.goto('/sign-in?next=/operations');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Queues' }).waitFor();
    await take(page, `operator-overview${suffix}`);
    await page.goto('/operations/executions');
    await page.locator('tbody tr').first().waitFor();
    await take(page, `operator-executions${suffix}`);
    // The eighth newest is a photo; the newest two were rejected.
    await page.locator('tbody a').nth(7).click();
    await page.locator('.graph svg').waitFor();
    await take(page, `${suffix ? '' : 'web-'}operator${suffix}`);
    content();
    await context.close();
  }
});
