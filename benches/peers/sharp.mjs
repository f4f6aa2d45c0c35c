// sharp, as its documentation has it (one pipeline for each size) and at its best (decoded once, cascaded).
// node sharp.mjs WORK FOLDER PHOTO RECIPE LOGO
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const sharp = createRequire(process.env.PEERS + "/")("sharp");
sharp.concurrency(1);
sharp.cache(false);

const [work, folder, photo, recipePath, logoPath] = process.argv.slice(2);
const { variants } = JSON.parse(await readFile(recipePath, "utf8"));
const sizes = [...variants].sort((a, b) => b.longest_side - a.longest_side);
const logo = await readFile(logoPath);

const effort = Number(process.env.EFFORT ?? 4); // of AVIF, where 4 is sharp's own default

function written(image, { format, quality }) {
  if (format === "webp") return image.webp({ quality });
  if (format === "avif") return image.avif({ quality, effort, chromaSubsampling: "4:2:0" });
  return image.jpeg({ quality, chromaSubsampling: "4:2:0", optimiseCoding: process.env.HUFFMAN === "optimised" });
}

function inside(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.round(width * scale), Math.round(height * scale)];
}

// The mark is as wide as the engine draws it, in the same corner.
async function marked(image, { width, height }) {
  const long = Math.max(width, height);
  const side = Math.max(1, Math.round(long * 0.2));
  const mark = await sharp(logo).resize(side, side, { fit: "inside" }).png().toBuffer({ resolveWithObject: true });
  const margin = Math.round(long * 0.02);
  const [left, top] = [width - mark.info.width - margin, height - mark.info.height - margin];
  return image.composite([{ input: mark.data, left, top }]);
}

async function onePipelinePerSize(bytes) {
  const made = [];
  for (const variant of sizes) {
    const { width, height, orientation } = await sharp(bytes).metadata();
    const [w, h] = orientation >= 5 ? [height, width] : [width, height];
    const [tw, th] = inside(w, h, variant.longest_side);
    let image = sharp(bytes).rotate().resize(tw, th, { fit: "fill" });
    if (variant.watermark !== false) image = await marked(image, { width: tw, height: th });
    made.push([variant, await written(image, variant).toBuffer()]);
  }
  return made;
}

async function cascade(bytes) {
  const made = [];
  let source = sharp(bytes).rotate();
  let size = await sharp(bytes).metadata();
  let [width, height] = size.orientation >= 5 ? [size.height, size.width] : [size.width, size.height];
  for (const variant of sizes) {
    const [tw, th] = inside(width, height, variant.longest_side);
    const { data, info } = await source.resize(tw, th, { fit: "fill" }).raw().toBuffer({ resolveWithObject: true });
    const raw = { raw: { width: info.width, height: info.height, channels: info.channels } };
    let image = sharp(data, raw);
    if (variant.watermark !== false) image = await marked(image, info);
    made.push([variant, await written(image, variant).toBuffer()]);
    source = sharp(data, raw);
    [width, height] = [info.width, info.height];
  }
  return made;
}

let made = [];
for await (const _ of createInterface({ input: process.stdin })) { // a photo for each line
  const bytes = await readFile(photo);
  made = await (work === "cascade" ? cascade(bytes) : onePipelinePerSize(bytes));
  console.log("done");
}
for (const [{ name, format }, data] of made) await writeFile(`${folder}/${name}.${format === "jpeg" || !format ? "jpg" : format}`, data);
