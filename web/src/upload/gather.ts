/** Collects files from a drop with folders in it, a paste, or a picker. */
export interface Given {
  file: File;
  name: string;
}

const HIDDEN = /^\.|^Thumbs\.db$|^desktop\.ini$/i;

export const fromFiles = (files: Iterable<File>): Given[] =>
  [...files].filter((file) => !HIDDEN.test(file.name)).map((file) => ({ file, name: file.name }));

/** Entries must be taken during the event; their folders are read afterwards. */
export async function fromDrop(transfer: DataTransfer): Promise<Given[]> {
  const entries = [...transfer.items].filter((item) => item.kind === 'file').map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = await Promise.all(entries.map((entry) => (entry instanceof File ? [entry] : entry ? read(entry) : [])));
  return fromFiles(found.flat());
}

export function fromPaste(transfer: DataTransfer | null): Given[] {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return [...(transfer?.files ?? [])].map((file) => ({
    file,
    // Every screenshot is called image.png.
    name: file.name === 'image.png' ? `pasted-${stamp}.png` : file.name,
  }));
}

async function read(entry: FileSystemEntry): Promise<File[]> {
  if (HIDDEN.test(entry.name)) return [];
  if (entry.isFile) {
    return new Promise((resolve) => (entry as FileSystemFileEntry).file((file) => resolve([file]), () => resolve([])));
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader returns a hundred at a time, and an empty list at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(read))).flat());
  }
}
