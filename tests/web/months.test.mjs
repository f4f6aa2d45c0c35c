// Years of photos: the rail of months beside the gallery, with a mouse, by keyboard, and as a choice on a phone.
import AxeBuilder from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { backdate } from './backdated.mjs';
import { scenes } from './scenes.mjs';
import { aBrowser, aVisitor, choose, eventually, signUp, still, test, tiles, until, uploadsSettle } from './support.mjs';

let browser, ada, state;
before(async () => {
  browser = await aBrowser();
  ada = await aVisitor(browser, { timezoneId: 'UTC' });
  const email = await signUp(ada.page);
  await choose(ada.page, await scenes(ada.page, 8, { width: 900, seed: 31 }));
  await uploadsSettle(ada.page);
  await ada.page.getByRole('button', { name: 'Clear the list' }).click();
  await backdate(email, { '2025-12': 60, '2025-08': 30, '2025-03': 2, '2024-06': 45 });
  state = await ada.context.storageState();
});
after(() => browser?.close());

const rail = (page) => page.getByRole('slider', { name: 'Go to a month' });
/** Until the rail says the month that the window shows. */
const railSays = (page, month) => until(async () => (await rail(page).getAttribute('aria-valuetext'))?.startsWith(month), `${month} on the rail`);
const titleIs = (page, month) => eventually(() => firstTitle(page), month, 'the first month in the window');
const someTiles = (page, what) => until(() => tiles(page).count().then((count) => count > 5), what);
const firstTitle = (page) =>
  page.evaluate(() => [...document.querySelectorAll('.photos-heading')].find((each) => each.getBoundingClientRect().bottom > 60)?.textContent);

test('a month that is loaded is scrolled to, one that is not is where the list begins anew', async () => {
  const { page } = ada;
  await page.reload();
  await tiles(page).first().waitFor();
  await rail(page).waitFor();
  const { x, y, width, height } = await rail(page).boundingBox();
  await page.mouse.move(x + width / 2, y + height * 0.4);
  await page.getByText('December 2025, 60 photos').first().waitFor();
  await page.mouse.click(x + width / 2, y + height * 0.4);
  await titleIs(page, 'December 2025');
  assert.equal(new URL(page.url()).search, '', 'which costs no request');
  await railSays(page, 'December 2025');

  await page.mouse.click(x + width / 2, y + height - 3);
  await page.getByText('June 2024 and earlier').waitFor();
  await someTiles(page, 'photos of June 2024');
  await titleIs(page, 'June 2024');
  assert.equal(new URL(page.url()).search, '?until=2024-06');
  await page.locator('.tile a').first().click();
  await page.getByText('1 of 45').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goBack();
  await page.getByRole('link', { name: 'To the newest' }).click();
  await page.getByText('June 2024 and earlier').waitFor({ state: 'detached' });
  ada.content();
});

test('by keyboard, month by month', async () => {
  const { page } = ada;
  await page.goto('/?until=2025-12');
  await tiles(page).first().waitFor();
  await railSays(page, 'December 2025');
  await rail(page).focus();
  await page.keyboard.press('ArrowDown');
  await titleIs(page, 'August 2025');
  await page.keyboard.press('Home');
  await page.getByText('December 2025 and earlier').waitFor({ state: 'detached' });
  await someTiles(page, 'the newest');
  await still(page);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), []);
  ada.content();
});

test('on a phone, the device’s own choice', async () => {
  const phone = await aVisitor(browser, { storageState: state, timezoneId: 'UTC', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.page.goto('/');
  await tiles(phone.page).first().waitFor();
  const choice = phone.page.getByRole('combobox', { name: 'Go to a month' });
  await choice.selectOption('2024-06');
  await phone.page.getByText('June 2024 and earlier').waitFor();
  await someTiles(phone.page, 'photos of June 2024');
  await eventually(() => choice.inputValue(), '2024-06', 'the month that is chosen');
  await eventually(() => phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the screen');
  phone.content();
  await phone.context.close();
});
