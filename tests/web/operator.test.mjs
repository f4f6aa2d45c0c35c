// The pages of operators: what they see of others' photos, what they do, and that the pages do not exist for others.
import AxeBuilder from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { aws, makeOperator } from './aws.mjs';
import { idOf } from './backdated.mjs';
import { aBrowser, aVisitor, choose, dialogWithFocus, eventually, fixture, PASSWORD, signUp, stack, still, test, tiles, until, uploadsSettle } from './support.mjs';

let browser, olga, state, ready, rejected;
before(async () => {
  browser = await aBrowser();
  const ada = await aVisitor(browser);
  await signUp(ada.page);
  // Of the two that are rejected, one has another outcome later.
  await choose(ada.page, ['dandelion.jpg', 'truncated.jpg', 'truncated.png'].map(fixture));
  await uploadsSettle(ada.page);
  ready = await tiles(ada.page).first().getAttribute('data-image');
  rejected = await tiles(ada.page, 'rejected').first().getAttribute('data-image');
  await ada.context.close();

  olga = await aVisitor(browser);
  const { page } = olga;
  const email = await signUp(page, 'olga');
  await makeOperator(email);
  await page.getByRole('link', { name: 'Your account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Operations' }).waitFor();
  state = await olga.context.storageState();
});
after(() => browser?.close());

/** Opens the newest execution of an image, by the image's id. */
async function openExecution(page, image) {
  await page.goto('/operations/executions');
  await page.getByLabel('Id of an image').fill(image);
  await page.getByRole('button', { name: 'Open' }).click();
  // The list of all executions is shown until the filtered one is there.
  const others = (id) => [...document.querySelectorAll('tbody tr a')].map((link) => link.textContent.startsWith(`${id}-`));
  await until(() => page.evaluate(others, image).then((each) => each.length > 0 && each.every(Boolean)), 'the executions of the image and no others');
  await page.locator('tbody tr a').first().click();
  await page.locator('.graph svg').waitFor();
}
const entered = async (page) => (await page.locator('.node[data-tone] > text:not(.notes)').allTextContents()).sort();

test('an operator sees a photo through all states, its way drawn on the machine’s graph', async () => {
  const { page } = olga;
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('link', { name: /^Succeeded [1-9]/ }).waitFor();
  await page.getByRole('heading', { name: 'Slowest states' }).waitFor();
  await openExecution(page, ready);
  await page.getByText('The photo is ready.').waitFor();
  // A photo is ready a moment before its execution has ended; the page asks again until then.
  await eventually(() => entered(page), ['Apply watermark', 'Create variants', 'Publish record', 'Validate image']);
  assert.equal(await page.locator('.node').count(), 11);
  await eventually(() => page.locator('.edge[data-walked]').count(), 3, 'edges of the way');
  const names = async () => (await page.locator('.states h3').allTextContents()).map((name) => name.split(':')[0]);
  await eventually(names, ['Validate image', 'Create variants', 'Apply watermark', 'Publish record']);
  await page.getByText('JPEG 2,400 × 1,350').waitFor();
  const text = await page.locator('main').innerText();
  assert.doesNotMatch(text, /dandelion/, 'the file’s name is its owner’s');
  olga.content();
});

test('an operator sees why an upload was rejected, and that nothing has to be done', async () => {
  const { page } = olga;
  await openExecution(page, rejected);
  await page.getByText('The upload was rejected').waitFor();
  await page.getByText('Image.Corrupt').first().waitFor();
  await eventually(() => page.locator('.node[data-tone=caught]').count(), 1, 'the state that rejected it');
  await until(() => entered(page).then((names) => names.includes('Image rejected')), 'Image rejected among the states');
  olga.content();
});

test('an operator tries a rejected photo again, and sees it rejected anew', async () => {
  const { page } = olga;
  await page.goto('/operations');
  await page.getByRole('link', { name: 'Rejected' }).click();
  const row = page.getByRole('row', { name: new RegExp(rejected) });
  await row.getByText('Image.Corrupt').waitFor();
  await page.getByLabel('Reason').selectOption('Image.Heic');
  await page.getByText('No photo is rejected.').waitFor();
  await page.getByLabel('Reason').selectOption('Image.Corrupt');
  await row.getByRole('button', { name: `Try ${rejected} again…` }).click();
  await dialogWithFocus(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
  await page.getByText('1 photo is tried again.').waitFor();
  // The page asks again as it is opened; the photo is back with its new execution once that has ended.
  await until(async () => {
    await page.goto('/operations/rejected');
    await page.getByText(/^As of/).waitFor();
    return (await row.count()) > 0 && /-2$/.test((await row.getByRole('link').getAttribute('href')) ?? '');
  }, 'the photo rejected by its second execution');
  olga.content();
});

test('an operator starts one again, by keyboard, and is named as who did it', async () => {
  const { page } = olga;
  await openExecution(page, ready);
  const first = new URL(page.url()).pathname;
  const button = page.getByRole('button', { name: 'Start again…' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('With the same input').waitFor();
  await dialogWithFocus(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).pathname, first, 'Escape starts nothing');
  await until(() => button.evaluate((node) => node === document.activeElement), 'the focus to come back');
  await page.keyboard.press('Enter');
  await dialogWithFocus(page);
  await page.keyboard.press('Enter');
  await until(async () => new URL(page.url()).pathname === `${first}-2`, 'the new execution');
  await page.getByText('The photo is ready.').waitFor();
  await page.getByText('You started it again').waitFor();
  await page.getByRole('link', { name: /^Started again from/ }).click();
  await until(async () => new URL(page.url()).pathname === first, 'the first one');
  await page.getByText('You started it again').waitFor();
  olga.content();
});

test('an operator sees what failed, by code and day, and where', async () => {
  const { page } = olga;
  const of = { stateMachineArn: stack.state_machine_arn };
  const { executions } = await aws('states', 'ListExecutions', of);
  const { input } = await aws('states', 'DescribeExecution', { executionArn: executions.find(({ name }) => name.startsWith(rejected)).executionArn });
  // An order that a worker does not understand.
  await aws('states', 'StartExecution', { ...of, name: `${rejected}-broken`, input: JSON.stringify({ ...JSON.parse(input), source: { ...JSON.parse(input).source, bucket: 'another' } }) });
  await page.goto('/operations');
  await page.getByRole('link', { name: /^Failed [1-9]/ }).waitFor();
  const row = page.getByRole('row', { name: /^Worker\.BadInput/ });
  assert.match(await row.textContent(), /^Worker\.BadInput[1-9]/);
  await page.getByRole('link', { name: /^Failed/ }).click();
  await page.getByRole('link', { name: `${rejected}-broken` }).click();
  await page.getByText('An operator must act.', { exact: true }).waitFor();
  await page.getByText('the order names another bucket').first().waitFor();
  await eventually(() => page.locator('.node[data-tone=bad] > text').allTextContents(), ['Processing failed']);
  olga.content();
});

test('an operator sends dead letters back, so many and no more', async () => {
  const { page } = olga;
  // Messages that name no photo, which the orchestrator ignores.
  for (let each = 0; each < 2; each++) await aws('sqs', 'SendMessage', { QueueUrl: stack.uploads_dlq_url, MessageBody: '{"Records":[]}' });
  await page.goto('/operations');
  await page.getByRole('button', { name: 'Send dead letters of Uploads back…' }).click();
  const dialog = page.getByRole('dialog');
  const send = dialog.getByRole('button', { name: 'Send back' });
  for (const wrong of ['0', '101', 'all']) {
    await dialog.getByLabel('How many').fill(wrong);
    await eventually(() => send.isDisabled(), true, wrong);
  }
  await dialog.getByLabel('How many').fill('2');
  await dialog.getByRole('button', { name: 'Look at them' }).click();
  await dialog.getByText('A message that names no photo').first().waitFor();
  await dialog.getByLabel('How many').fill('1');
  await send.click();
  await page.getByText('1 dead letter was sent back.').waitFor();
  await page.getByText('You sent 1 of 1 dead letters back to Uploads').waitFor();
  olga.content();
});

test('an operator looks for what is undone, and has it repaired after a confirmation', async () => {
  const { page } = olga;
  // A ticket of three days ago, which was never used.
  const then = new Date(Date.now() - 72 * 3_600_000);
  const id = idOf(then);
  const day = (days) => ({ N: String(Math.floor(Date.now() / 1000) + days * 86_400) });
  const [text, owner] = [(value) => ({ S: value }), crypto.randomUUID()];
  await aws('dynamodb', 'PutItem', {
    TableName: stack.images_table,
    Item: {
      pk: text(`USER#${owner}`), sk: text(`IMAGE#${id}`), image_id: text(id), owner_id: text(owner), status: text('awaiting_upload'),
      object_key: text(`uploads/${owner}/${id}`), created_at: text(then.toISOString()), updated_at: text(then.toISOString()),
      unfinished: text(`shard-${BigInt(`0x${id.replaceAll('-', '')}`) % 4n}`), awaited_until: day(-2), expires_at: day(20),
    },
  });
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('link', { name: 'Undone' }).click();
  await page.getByRole('heading', { name: 'Undone and drifting' }).waitFor();
  const repair = page.getByRole('button', { name: 'Repair…' });
  assert.equal(await repair.count(), 0, 'nothing is repaired before it was seen');
  const swept = () => page.waitForResponse((response) => response.url().endsWith('/ops/sweep') && response.request().method() === 'POST');
  let answer = swept();
  await page.getByRole('button', { name: 'Look' }).click();
  assert.equal((await (await answer).json()).dry_run, true);
  await page.getByRole('heading', { name: 'Photos that have not ended' }).waitFor();
  await page.getByRole('heading', { name: 'Records and objects' }).waitFor();
  const row = page.getByRole('row', { name: id });
  assert.match(await row.textContent(), /Its ticket is closed: no photo came/);
  await repair.click();
  answer = swept();
  await page.getByRole('dialog').getByRole('button', { name: 'Repair' }).click();
  assert.equal((await (await answer).json()).dry_run, false);
  await page.getByRole('heading', { name: 'Photos that had not ended' }).waitFor();
  await row.waitFor();
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByRole('heading', { name: 'Photos that have not ended' }).waitFor();
  assert.equal(await row.count(), 0, 'it was repaired');
  olga.content();
});

test('to a stranger the pages do not exist, and their code is not sent', async () => {
  const eve = await aVisitor(browser, { serviceWorkers: 'block' });
  await signUp(eve.page, 'eve');
  // The account's page has asked for the roles, which decide about the link.
  await eve.page.getByRole('link', { name: 'Your account' }).click();
  await eve.page.getByText('Today').waitFor();
  assert.equal(await eve.page.getByRole('link', { name: 'Operations' }).count(), 0);
  const nothing = eve.page.getByRole('heading', { name: 'There is nothing here' });
  await eve.page.goto('/nowhere');
  await nothing.waitFor();
  await still(eve.page);
  const missing = await eve.page.locator('body').innerHTML();
  const asked = [];
  eve.page.on('request', (request) => asked.push(request.url()));
  for (const path of ['/operations', '/operations/executions', '/operations/executions/one', '/operations/rejected', '/operations/sweep']) {
    await eve.page.goto(path);
    await nothing.waitFor();
    await eventually(() => eve.page.locator('body').innerHTML(), missing, path);
  }
  assert.deepEqual(asked.filter((url) => /\/ops\/|pages-/.test(url)), []);
  eve.content();
  await eve.context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing on operators’ pages, and a phone shows them, ${colorScheme}`, async () => {
    const { context, page, content } = await aVisitor(browser, { colorScheme, reducedMotion: 'reduce', storageState: state });
    const clean = async (what) => {
      await still(page);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`), []);
      await page.setViewportSize({ width: 390, height: 844 });
      await eventually(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${what} on a phone`);
      await page.setViewportSize({ width: 1280, height: 800 });
    };
    await page.goto('/operations');
    await page.getByRole('heading', { name: 'Queues' }).waitFor();
    await clean('overview');
    await openExecution(page, rejected);
    await page.locator('.error-text').first().waitFor();
    await clean('execution');
    await page.getByRole('button', { name: 'Start again…' }).click();
    await dialogWithFocus(page);
    await clean('start again');
    await page.goto('/operations/executions?status=succeeded');
    await page.locator('tbody tr').first().waitFor();
    await clean('executions');
    await page.goto('/operations/rejected');
    await page.locator('tbody tr').first().waitFor();
    await clean('rejected');
    await page.goto('/operations/sweep');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('heading', { name: 'Records and objects' }).waitFor();
    await clean('undone');
    content();
    await context.close();
  });
}
