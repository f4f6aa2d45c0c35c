// All steps of one user: an account, good, odd and bad photos, an album, a share link, downloads, and the end of the
// account.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { aBrowser, aVisitor, choose, eventually, fixture, mailedCode, PASSWORD, phase, signUp, stack, test, tiles, tilesAre, until, uploadsSettle } from './support.mjs';

let browser, ada, email, link;
const select = async (page, ...names) => {
  for (const name of names) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
};
before(async () => {
  browser = await aBrowser();
  ada = await aVisitor(browser);
});
after(() => browser?.close());

test('signs up with the code of the mailbox, and is in', async () => {
  email = await signUp(ada.page);
  await ada.page.getByText('Nothing here yet').waitFor();
  ada.content();
});

test('r61 sees what becomes of good, odd and bad files, in words', async () => {
  const { page } = ada;
  const files = ['dandelion.jpg', 'orientation-6.jpg', 'transparent.png', 'animated.gif', 'lossy.webp', 'truncated.jpg', 'text.jpg', 'header-only.avif'];
  await choose(page, files.map(fixture));
  await uploadsSettle(page);
  const outcomes = () => Promise.all(['ready', 'rejected', 'refused'].map((each) => phase(page, each).count()));
  await eventually(outcomes, [5, 1, 2], 'ready, rejected, refused');
  await page.getByText('The file is damaged or ends early').first().waitFor();
  await page.getByText('This is not a picture in a format that Darkroom reads').waitFor();
  await page.getByText('Darkroom does not read AVIF').waitFor();
  await tilesAre(page, 5, 'each that is ready is in the gallery, without a reload');
  await eventually(() => tiles(page, 'rejected').count(), 1, 'the rejected one');
  ada.content();
});

test('is told of a photo that is here already', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await choose(page, fixture('dandelion.jpg'));
  await page.getByText('You have this photo already.').waitFor();
  await page.getByRole('button', { name: /^Take .* off the list$/ }).click();
});

test('opens a photo, reads its facts and history, and gives it a caption', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: /dandelion/ }).click();
  const viewer = page.getByRole('dialog');
  await viewer.getByRole('button', { name: 'Details' }).click();
  await viewer.getByText('2,400 × 1,350').waitFor();
  await viewer.getByText('Development began').waitFor();
  await viewer.getByLabel('Caption').fill('Seeds, ready to go');
  await viewer.getByRole('button', { name: 'Save' }).click();
  await viewer.getByRole('heading', { name: 'Seeds, ready to go' }).waitFor();
  ada.content();
});

test('sets the focal point by a click and by arrow keys, and takes it back', async () => {
  const { page } = ada;
  const viewer = page.getByRole('dialog');
  const summary = viewer.locator('.focus-field summary');
  const saved = () => page.waitForResponse((response) => response.request().method() === 'PATCH' && response.status() === 200).then((answer) => answer.json());
  assert.equal(await summary.innerText(), 'Focal point the middle');
  await summary.click();
  const picture = viewer.locator('.focus-picture');
  const { width, height } = await picture.boundingBox();
  await picture.click({ position: { x: width * 0.25, y: height * 0.5 } });
  const across = viewer.getByLabel('From the left');
  await eventually(() => across.inputValue(), '25');
  await across.press('ArrowRight');
  await eventually(() => across.inputValue(), '26');
  let answer = saved();
  await viewer.getByRole('button', { name: 'Save the point' }).click();
  assert.equal((await answer).focus.x, 0.26);
  await eventually(() => summary.innerText(), 'Focal point 26%, 50%');
  answer = saved();
  await viewer.getByRole('button', { name: 'Back to the middle' }).click();
  assert.equal((await answer).focus, undefined);
  await eventually(() => summary.innerText(), 'Focal point the middle');
  ada.content();
});

test('downloads a variant and the original, byte for byte', async () => {
  const { page } = ada;
  const viewer = page.getByRole('dialog');
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), viewer.locator(`[data-download=${name}]`).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const original = await save('original');
  assert.equal(original.name, 'dandelion.jpg');
  assert.ok(original.bytes.equals(await readFile(fixture('dandelion.jpg'))));
  const [answer, large] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('-large.jpg') && response.request().resourceType() === 'fetch'),
    save('large'),
  ]);
  assert.equal(large.name, 'dandelion-large.jpg');
  const stored = Buffer.from(await (await fetch(answer.url())).arrayBuffer());
  assert.ok(stored.length > 100_000 && large.bytes.equals(stored));
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  ada.content();
});

test('puts two into an album and makes a link', async () => {
  const { page } = ada;
  await select(page, 'Seeds, ready to go', 'lossy.webp');
  await page.getByRole('button', { name: 'Put into an album' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Spring');
  await page.getByRole('button', { name: 'Create album' }).click();
  await page.getByText('2 photos are in “Spring” now.').waitFor();
  await page.getByRole('link', { name: 'Albums', exact: true }).click();
  const card = page.getByRole('link', { name: /Spring/ });
  await until(async () => /2 photos · Only you/.test(await card.textContent()) || (await page.reload(), false), 'the count');
  await card.locator('img').first().waitFor();
  await card.click();
  await page.getByText('2 photos · Only you').waitFor();
  await tilesAre(page, 2);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Create link' }).click();
  link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  assert.match(link, /\/shared#[\w-]{20,}$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  ada.content();
});

test('a friend without an account sees the album, and no server is told the token with a page', async () => {
  const friend = await aVisitor(browser);
  const asked = [];
  friend.page.on('request', (request) => asked.push(request.url()));
  await friend.page.goto(link);
  await friend.page.getByRole('heading', { name: 'Spring' }).waitFor();
  await friend.page.getByText(/^The link works until /).waitFor();
  await friend.page.waitForFunction(() => document.querySelectorAll('.tile img[data-loaded]').length === 2);
  await friend.page.getByRole('link', { name: /Seeds, ready to go/ }).click();
  await friend.page.getByRole('dialog').locator('img').first().waitFor();
  const token = link.split('#')[1];
  const web = asked.filter((url) => url.startsWith(new URL(link).origin));
  assert.ok(web.length > 0 && web.every((url) => !url.includes(token)));
  friend.content();
  await friend.context.close();
});

test('the link is revoked, and shows nothing from then on', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The link does not work any more.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const friend = await aVisitor(browser);
  await friend.page.goto(link);
  await friend.page.getByRole('heading', { name: 'This link shows nothing' }).waitFor();
  await friend.context.close();
});

test('another person sees what was made public, and nothing else', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Photos', exact: true }).click();
  await select(page, 'orientation-6.jpg');
  const shared = await page.locator('.tile[data-chosen]').getAttribute('data-image');
  await page.getByRole('button', { name: 'Make public' }).click();
  await page.getByText('1 photo changed.').waitFor();
  const eve = await aVisitor(browser);
  await signUp(eve.page, 'eve');
  await eve.page.getByRole('link', { name: 'Everybody' }).click();
  await eve.page.locator(`.tile[data-image="${shared}"]`).waitFor();
  assert.equal(await eve.page.getByText('dandelion').count(), 0);

  // Whose it is, once she lists her profile.
  await page.getByRole('link', { name: 'Your account' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await page.getByLabel('List my profile').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your name is saved.').waitFor();
  await eve.page.reload();
  await eve.page.locator(`.tile[data-image="${shared}"] a`).click();
  await eve.page.getByRole('button', { name: 'Details' }).click();
  await eve.page.getByText('A photo of').getByRole('link', { name: 'Ada' }).click();
  await eve.page.getByRole('heading', { name: 'Ada', level: 1 }).waitFor();
  await eventually(() => eve.page.locator('.tile').evaluateAll((all) => all.map((tile) => tile.dataset.image)), [shared]);
  await page.getByRole('link', { name: 'Photos', exact: true }).click();
  eve.content();
  await eve.context.close();
});

test('changes and deletes a selection by one request each', async () => {
  const { page } = ada;
  const done = [];
  // By their answers: a client that is told to wait asks again.
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname.split('/').slice(-2).join('/');
    const method = response.request().method();
    if (['PATCH', 'DELETE', 'POST'].includes(method) && response.ok()) done.push(`${method} ${path}`);
  });
  await select(page, 'animated.gif', 'lossy.webp');
  await page.getByRole('button', { name: 'Make public' }).click();
  await page.getByText('2 photos changed.').waitFor();
  await eventually(() => page.locator('.tile-public').count(), 3, 'public photos, with the one from before');
  await select(page, 'animated.gif', 'lossy.webp');
  const gone = page.waitForResponse((response) => response.url().endsWith('/images/delete') && response.ok());
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
  assert.deepEqual((await (await gone).json()).items.map(({ result }) => result), ['deleted', 'deleted']);
  await page.getByRole('link', { name: /lossy/ }).waitFor({ state: 'detached' });
  assert.deepEqual(done.filter((each) => /image/.test(each)), ['PATCH _user_request_/images', 'POST images/delete']);
  ada.content();
});

test('deletes, undoes, deletes again, and it is gone', async () => {
  const { page } = ada;
  const tile = page.getByRole('link', { name: /transparent\.png/ });
  await tile.focus();
  await page.keyboard.press('Delete');
  await tile.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await tile.waitFor();
  await tile.focus();
  const gone = page.waitForResponse((response) => response.url().endsWith('/images/delete') && response.status() === 200);
  await page.keyboard.press('Delete');
  assert.deepEqual((await (await gone).json()).items.map(({ result }) => result), ['deleted']);
  await page.reload();
  await page.getByRole('link', { name: /Seeds, ready to go/ }).waitFor();
  assert.equal(await tile.count(), 0);
  ada.content();
});

test('signs out, and in again with a new password', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Your account' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your name is saved.').waitFor();
  await page.getByText(/^\d+ photos?, \d.* .B$/).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  assert.deepEqual(await page.evaluate(() => [localStorage.getItem('darkroom.session'), sessionStorage.getItem('darkroom.session')]), [null, null]);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.getByLabel('Code of six digits').fill(await mailedCode(email, 2));
  await page.getByLabel('New password').fill(`${PASSWORD}x`);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The address and the password do not match.').waitFor();
  await page.getByLabel('Password').fill(`${PASSWORD}x`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /Seeds, ready to go/ }).waitFor();
  ada.content();
});

test('changes the password, goes on, and the other device has to sign in again', async () => {
  const { page } = ada;
  const other = await aVisitor(browser, { storageState: await ada.context.storageState() });
  await other.page.goto('/');
  await other.page.getByRole('link', { name: /Seeds, ready to go/ }).waitFor();
  await page.getByRole('link', { name: 'Your account' }).click();
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByLabel('New password').fill(`${PASSWORD}y`);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('That is not your password').waitFor();
  await page.getByLabel('Current password').fill(`${PASSWORD}x`);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Other devices have to sign in again.').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor();
  await page.getByText('Today').waitFor();
  await other.page.reload();
  await other.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await other.context.close();
  ada.content();
});

test('deletes the account: asked twice, and then there is nothing', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Delete account…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^All 2 photos go with it/).waitFor();
  const confirm = dialog.getByRole('button', { name: 'Delete account and photos' });
  await eventually(() => confirm.isDisabled(), true);
  await dialog.getByLabel(`Type ${email} to confirm`).fill('someone@example.com');
  await eventually(() => confirm.isDisabled(), true);
  await dialog.getByLabel(`Type ${email} to confirm`).fill(email);
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await confirm.click();
  await dialog.getByText('The address and the password do not match.').waitFor();
  await dialog.getByLabel('Your password').fill(`${PASSWORD}y`);
  await confirm.click();
  await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor();
  assert.deepEqual(await page.evaluate(() => [localStorage.getItem('darkroom.session'), sessionStorage.getItem('darkroom.session')]), [null, null]);
  // The account is closed a moment after the API's answer.
  const body = JSON.stringify({ email, password: `${PASSWORD}y` });
  const signIn = () => fetch(`${stack.api_url}/auth/signin`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await until(async () => (await signIn()).status === 401, 'a refusal');
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(`${PASSWORD}y`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The address and the password do not match.').waitFor();
  ada.content();
});
