// Writes src/api/schema.d.ts from api/openapi.yaml; with --check it says whether that file is as it would be written.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const contract = new URL('../../api/openapi.yaml', import.meta.url);
const types = new URL('../src/api/schema.d.ts', import.meta.url);

// A ticket as curl's configuration is for curl; with it, each ticket would be an object or a text.
const yaml = (await readFile(contract, 'utf8')).replace(/^( +)text\/x-curl:\n(?:\1 .*\n)+/gm, '');
const written = `// Written by \`npm run types\` from api/openapi.yaml. Change that file, not this one.\n${astToString(await openapiTS(yaml))}`;

if (process.argv.includes('--check')) {
  if ((await readFile(types, 'utf8')) !== written) {
    console.error('error: src/api/schema.d.ts is not what api/openapi.yaml says\nhint: npm run types --prefix web');
    process.exit(1);
  }
} else {
  await writeFile(types, written);
}
