// A browser against the running stack: nothing is mocked. DARKROOM_STACK names its stack.json; `make test-web` brings up
// a stack of its own.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';

const root = new URL('../../', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));

assert(process.env.DARKROOM_STACK, 'DARKROOM_STACK names no stack: run `make test-web`');
export const stack = JSON.parse(readFileSync(new URL(process.env.DARKROOM_STACK, root), 'utf8'));
export const fixture = (name) => path(`fixtures/images/${name}`);
export const pictures = path('docs/pictures');
export const PASSWORD = 'a sentence of twelve 1A-';

/** The longest wait for a state that must come. A busy machine may need it; a wait ends as soon as the state is there. */
const LONGEST_WAIT_S = 90;
/** The same for all photos of a test: each runs through five functions, on a machine that the test shares. */
const DEVELOPMENT_S = 600;

/** CHROMIUM, or the system's, or the one that npm has: built for Lambda, so it brings the libraries that it needs. */
async function program() {
  for (const each of [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']) {
    if (each && existsSync(each)) return each;
  }
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs20.x';
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

export async function aBrowser() {
  const executablePath = await program();
  // Not the package's own arguments: they turn web security off.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--headless=new'] });
}

const visitors = new Set();

/** A test whose failure says what each open page showed, and how the API's last answers were. */
export const test = (name, body) =>
  nodeTest(name, async (t) => {
    try {
      await body(t);
    } catch (error) {
      for (const visitor of visitors) t.diagnostic(await visitor.seen());
      throw error;
    }
  });

/** A user with a browser window, who records its errors. */
export async function aVisitor(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', baseURL: stack.web_url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LONGEST_WAIT_S * 1000);
  const complaints = [];
  // Browsers log a refused password as an error, and a network that the test has cut.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  const answers = [];
  const answered = (request, what) => {
    // Without the query: it may hold a signature.
    if (!['document', 'script', 'stylesheet', 'image', 'font'].includes(request.resourceType())) {
      answers.push(`${request.method()} ${request.url().split('?')[0]} ${what}`);
      answers.splice(0, answers.length - 15);
    }
  };
  page.on('response', (response) => answered(response.request(), response.status()));
  page.on('requestfailed', (request) => answered(request, request.failure()?.errorText));
  const visitor = {
    seen: async () => {
      const words = await page.locator('body').innerText({ timeout: 1000 }).catch((error) => error.message);
      return [`at ${page.url().split('#')[0]}`, ...words.split('\n').slice(0, 60), ...answers, ...complaints].join('\n    ');
    },
  };
  visitors.add(visitor);
  page.on('close', () => visitors.delete(visitor));
  await page.exposeFunction('complain', (text) => void complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.complain(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { context, page, complaints, content: () => assert.deepEqual(complaints, []) };
}

let people = 0;

/** Signs up as users do, with the code from the mailbox. */
export async function signUp(page, name = 'ada') {
  const email = `${name}-${process.pid}-${Date.now()}-${++people}@example.com`;
  await page.goto('/sign-up');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByLabel('Code of six digits').fill(await mailedCode(email));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Your photos' }).waitFor();
  return email;
}

export async function mailedCode(email, nth = 1) {
  return until(async () => {
    const { messages } = await (await fetch(stack.mailbox_url)).json();
    const mails = Object.values(messages).flat().filter((mail) => mail.To.includes(email));
    return mails.length >= nth && /\b\d{6}\b/.exec(`${mails.at(-1).BodyText ?? ''} ${mails.at(-1).BodyHtml ?? ''}`)?.[0];
  }, `a code for ${email}`);
}

export async function until(question, what, seconds = LONGEST_WAIT_S) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert(Date.now() < end, `${what} did not come within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the answer is the expected one. A page draws a change after the event that told of it, so a count that is
 * read once may be the one before. */
export async function eventually(question, expected, what, seconds = LONGEST_WAIT_S) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (isDeepStrictEqual(answer, expected)) return;
    if (Date.now() > end) assert.deepEqual(answer, expected, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The files are chosen as by the button of the header. */
export const choose = (page, files) => page.locator('input[data-upload=header]').setInputFiles(files);

export const phase = (page, which) => page.locator(`.upload[data-phase=${which}]`);
export const tiles = (page, status = 'ready') => page.locator(`.tile[data-status=${status}]`);

/** Waits until the gallery has so many photos. */
export const tilesAre = (page, count, what = `${count} photos`) => eventually(() => tiles(page).count(), count, what, DEVELOPMENT_S);

/** Waits until no upload is in progress. */
export async function uploadsSettle(page) {
  await page.waitForFunction(
    () => {
      const phases = [...document.querySelectorAll('.upload')].map((row) => row.dataset.phase);
      return phases.length > 0 && !phases.some((each) => ['queued', 'sending', 'arrived'].includes(each));
    },
    undefined,
    { timeout: DEVELOPMENT_S * 1000 },
  );
}

/** Bytes of uploads that the network takes each second; without a figure, as many as it can. */
export async function uploadSpeed(page, bytesPerSecond = -1) {
  if (!wires.has(page)) {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    wires.set(page, devtools);
  }
  const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
  await wires.get(page).send('Network.emulateNetworkConditions', conditions);
}
const wires = new WeakMap();
/** So slow that no photo arrives while a test looks. */
export const CRAWLING = 1_000;

/** Waits until nothing fades or slides: half-faded words have too little contrast for axe. */
export const still = (page) =>
  page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect.getComputedTiming().iterations === Infinity),
  );

/** Waits until a dialog is there and has the focus, so that keys reach it. */
export async function dialogWithFocus(page) {
  await page.getByRole('dialog').waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('[role=dialog]'));
}
