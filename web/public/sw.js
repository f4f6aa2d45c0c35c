// The app without a network: the page and its files, never a photo and never an answer of the API.
const SHELL = 'darkroom-shell';
const KEPT_FILES = 120;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(['/', '/config.json', '/icon.svg'])));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(kept(request));
  else if (request.mode === 'navigate') event.respondWith(fresh(request, '/'));
  else if (url.pathname === '/config.json' || url.pathname === '/icon.svg') event.respondWith(fresh(request, url.pathname));
});

// A file with a hash in its name never changes.
async function kept(request) {
  const shell = await caches.open(SHELL);
  const found = await shell.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    await shell.put(request, answer.clone());
    const files = (await shell.keys()).filter((key) => new URL(key.url).pathname.startsWith('/assets/'));
    await Promise.all(files.slice(0, Math.max(0, files.length - KEPT_FILES)).map((old) => shell.delete(old)));
  }
  return answer;
}

async function fresh(request, key) {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(key, answer.clone());
    return answer;
  } catch (error) {
    const found = await shell.match(key);
    if (found) return found;
    throw error;
  }
}
