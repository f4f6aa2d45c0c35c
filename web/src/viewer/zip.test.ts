import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32, zip } from './zip';

const entry = (name: string, text: string) => ({ name, file: new Blob([text]), at: new Date(2026, 0, 31, 12, 30, 10) });

describe('a zip', () => {
  it('has the checksum that everybody knows', () => {
    expect(crc32(new TextEncoder().encode('123456789')).toString(16)).toBe('cbf43926');
  });

  it('is read by Python, names and bytes', async () => {
    const made = await zip([entry('Zoë.jpg', 'one'), entry('Zoë.jpg', 'two'), entry('b', 'three')]);
    const file = join(mkdtempSync(join(tmpdir(), 'zip-')), 'photos.zip');
    writeFileSync(file, Buffer.from(await made.arrayBuffer()));
    const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps({i.filename: [z.read(i).decode(), i.date_time] for i in z.infolist()}))`;
    const read = JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })) as object;
    const at = [2026, 1, 31, 12, 30, 10];
    expect(read).toEqual({ 'Zoë.jpg': ['one', at], 'Zoë (2).jpg': ['two', at], b: ['three', at] });
    expect(readFileSync(file).length).toBe(made.size);
  });
});
