// Landscapes drawn in the browser: as many photos as a test needs, no two alike, and free of copyright.
export async function scenes(page, count, { width = 1500, seed = 1 } = {}) {
  const drawn = await page.evaluate(drawAll, { count, width, seed });
  return drawn.map((base64, index) => ({ name: `scene-${seed}-${index}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') }));
}

async function drawAll({ count, width, seed }) {
  const random = (start) => {
    let state = start * 2654435761;
    return () => ((state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32);
  };
  const SKIES = [
    ['#1b2a4a', '#c96b4a', '#f6c98f'], ['#6fa3c8', '#cfe3ec', '#f7efe2'], ['#2b1b3f', '#8a3f6b', '#f2a07b'],
    ['#0f1d2e', '#27496d', '#7fa7b8'], ['#9fb7b1', '#dfe5d5', '#f7f1df'], ['#3d2c4f', '#b0566b', '#fbd3a2'],
    ['#b9d2dd', '#e9dccb', '#f3c7a2'], ['#20343c', '#5d8a83', '#d9dcc0'],
  ];
  const SHAPES = [1.5, 0.75, 1.78, 1.33, 1, 1.5, 0.67, 2.2];
  const all = [];
  for (let index = 0; index < count; index++) {
    const next = random(seed * 977 + index * 131 + 7);
    const w = width;
    const h = Math.round(width / SHAPES[Math.floor(next() * SHAPES.length)]);
    const canvas = new OffscreenCanvas(w, h);
    const paint = canvas.getContext('2d');
    const [top, middle, low] = SKIES[(index + seed) % SKIES.length];
    const horizon = h * (0.45 + next() * 0.2);
    const sky = paint.createLinearGradient(0, 0, 0, horizon);
    sky.addColorStop(0, top);
    sky.addColorStop(0.65, middle);
    sky.addColorStop(1, low);
    paint.fillStyle = sky;
    paint.fillRect(0, 0, w, h);
    const sun = { x: w * (0.2 + next() * 0.6), y: horizon * (0.55 + next() * 0.4), r: w * (0.02 + next() * 0.03) };
    const glow = paint.createRadialGradient(sun.x, sun.y, 0, sun.x, sun.y, sun.r * 9);
    glow.addColorStop(0, 'rgb(255 244 220 / 0.95)');
    glow.addColorStop(0.12, 'rgb(255 226 180 / 0.6)');
    glow.addColorStop(1, 'rgb(255 200 150 / 0)');
    paint.fillStyle = glow;
    paint.fillRect(0, 0, w, h);
    const hue = next() * 360;
    for (let ridge = 0; ridge < 5; ridge++) {
      const base = horizon + (h - horizon) * (ridge / 5) * 0.9;
      const rise = h * (0.16 - ridge * 0.022);
      const waves = Array.from({ length: 6 }, (_, octave) => ({ f: (octave + 1) * (1.3 + next()), p: next() * 6.28, a: rise / (octave + 1) }));
      paint.fillStyle = `hsl(${hue + ridge * 9} ${14 + ridge * 6}% ${58 - ridge * 11}%)`;
      paint.beginPath();
      paint.moveTo(0, h);
      for (let x = 0; x <= w; x += 3) {
        const y = waves.reduce((sum, { f, p, a }) => sum - Math.abs(Math.sin((x / w) * f * 3 + p)) * a * 0.5, base);
        paint.lineTo(x, y);
      }
      paint.lineTo(w, h);
      paint.fill();
      const mist = paint.createLinearGradient(0, base - rise, 0, base + rise);
      mist.addColorStop(0, 'rgb(255 240 225 / 0)');
      mist.addColorStop(1, `rgb(255 240 225 / ${0.2 - ridge * 0.035})`);
      paint.fillStyle = mist;
      paint.fillRect(0, base - rise, w, rise * 2);
    }
    // Grain, so that files have a photo's size and no two patches are the same.
    for (let dot = 0; dot < 9000; dot++) {
      paint.fillStyle = `rgb(${next() > 0.5 ? '255 255 255' : '0 0 0'} / 0.05)`;
      paint.fillRect(next() * w, next() * h, 2, 2);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.88 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    all.push(btoa(text));
  }
  return all;
}
