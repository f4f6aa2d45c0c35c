import { bytesOf } from '../upload/sniff';

/** A zip without compression, as photos have theirs: headers, the files as they are, and a list at the end. */
export interface Entry {
  name: string;
  file: Blob;
  at: Date;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const UTF8_NAMES = 0x0800;

export async function zip(entries: Entry[]): Promise<Blob> {
  const parts: BlobPart[] = [];
  const list: BlobPart[] = [];
  let offset = 0;
  let listed = 0;
  const names = new Set<string>();
  for (const { name: wanted, file, at } of entries) {
    const name = new TextEncoder().encode(unused(wanted, names));
    const bytes = new Uint8Array(await bytesOf(file));
    // Shared by both headers: version, flags, method, time, checksum, sizes, length of the name.
    const common = [u16(20), u16(UTF8_NAMES), u16(0), u16(time(at)), u16(day(at)), u32(crc32(bytes)), u32(bytes.length), u32(bytes.length), u16(name.length), u16(0)].flat();
    const head = Uint8Array.from([...u32(0x04034b50), ...common]);
    const listing = Uint8Array.from([...u32(0x02014b50), ...u16(20), ...common, ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(offset)]);
    parts.push(head, name, bytes);
    list.push(listing, name);
    offset += head.length + name.length + bytes.length;
    listed += listing.length + name.length;
  }
  const end = [u32(0x06054b50), u16(0), u16(0), u16(entries.length), u16(entries.length), u32(listed), u32(offset), u16(0)].flat();
  return new Blob([...parts, ...list, Uint8Array.from(end)], { type: 'application/zip' });
}

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
  taken.add(free);
  return free;
}

const u16 = (value: number) => [value & 0xff, (value >>> 8) & 0xff];
const u32 = (value: number) => [...u16(value), ...u16(value >>> 16)];
const time = (at: Date) => (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
const day = (at: Date) => ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
