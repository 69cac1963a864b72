import { extensionOf, hidesLetters } from './file-name.ts';

/** What a file turned out to be. */
export interface FileLook {
  /** Named after the usual extension (`pdf`, `exe`, `zip` for all that is packed like one), `text`, or `unknown`. */
  readonly kind: string;
  /** What an archive says that it holds; `unreadable` for one that does not say it. */
  readonly archive?: ArchiveLook | 'unreadable';
}

export interface ArchiveLook {
  readonly entries: readonly ArchiveEntry[];
  /** Bytes of the archive itself. */
  readonly packed: number;
}

export interface ArchiveEntry {
  readonly name: string;
  /** Bytes when unpacked, as the archive says. */
  readonly size: number;
  readonly isEncrypted: boolean;
}

/** Why a file is refused for what is in it. */
export const contentRefusals = ['content-differs', 'encrypted', 'archive-unsafe'] as const;

export interface ContentFault {
  readonly reason: (typeof contentRefusals)[number];
  /** What it is instead, or what is wrong in it, for people who read the error. */
  readonly found: string;
}

const plain = ['text', 'xml', 'html', 'svg', 'script'];

/** Extension -> what a file with it may be. An old Office saved its documents as RTF and tables as XML, too. */
const fitting: Readonly<Record<string, readonly string[]>> = {
  doc: ['cfb', 'rtf'],
  xls: ['cfb', 'xml'],
  ppt: ['cfb'],
  msg: ['cfb'],
  docx: ['zip'],
  xlsx: ['zip'],
  pptx: ['zip'],
  zip: ['zip'],
  rar: ['rar'],
  '7z': ['7z'],
  gz: ['gz'],
  pdf: ['pdf'],
  rtf: ['rtf'],
  jpg: ['jpg'],
  jpeg: ['jpg'],
  png: ['png'],
  gif: ['gif'],
  bmp: ['bmp'],
  tif: ['tif'],
  tiff: ['tif'],
  xml: ['xml', 'text'],
  txt: plain,
  csv: plain,
  log: plain,
  json: ['text'],
};

/** Never carried under a name that this list does not know. */
const executable = ['exe', 'elf', 'macho', 'class', 'dex', 'wasm', 'swf', 'lnk', 'script', 'html', 'svg'];

/** Office keeps a document that has a password in a container of the old kind. */
const office = ['docx', 'xlsx', 'pptx'];

/** Whether the content is what the name promises. An empty file fits every name. */
export function judgeContent(name: string, size: number, look: FileLook): ContentFault | undefined {
  if (size === 0) {
    return undefined;
  }

  const extension = extensionOf(name) ?? '';
  const fits = fitting[extension];
  if (fits === undefined) {
    const isRefused = executable.includes(look.kind) && extension !== look.kind;
    return isRefused ? { reason: 'content-differs', found: look.kind } : judgeArchive(extension, look);
  }

  if (office.includes(extension) && look.kind === 'cfb') {
    return { reason: 'encrypted', found: 'a document with a password' };
  }

  return fits.includes(look.kind)
    ? judgeArchive(extension, look)
    : { reason: 'content-differs', found: look.kind === 'unknown' ? 'something else' : look.kind };
}

/** Beyond these an archive is made to do harm, or nobody can work with it. */
const MOST_ENTRIES = 10_000;
const MOST_UNPACKED = 4 * 1024 ** 3;
const HIGHEST_RATIO = 200;
/** Small archives may be packed as tightly as they like: logs are. */
const HARMLESS_UNPACKED = 64 * 1024 ** 2;

const runs =
  /^(?:exe|com|scr|pif|cpl|dll|sys|msi|msp|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|lnk|reg|jar|class|dex|sh)$/;
const packs = /^(?:zip|rar|7z|gz|tgz|tar|bz2|xz|zst|cab|iso|img|vhd|arj|lzh)$/;
const MACROS = /(?:^|\/)vbaProject\.bin$/i;

function judgeArchive(extension: string, { archive }: FileLook): ContentFault | undefined {
  if (archive === undefined) {
    return undefined;
  }

  if (archive === 'unreadable') {
    return { reason: 'archive-unsafe', found: 'an archive without a list of its contents' };
  }

  const { entries, packed } = archive;
  if (entries.some(({ isEncrypted }) => isEncrypted)) {
    return { reason: 'encrypted', found: 'an archive with a password' };
  }

  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  const isBomb = unpacked > HARMLESS_UNPACKED && unpacked > packed * HIGHEST_RATIO;
  if (entries.length > MOST_ENTRIES || unpacked > MOST_UNPACKED || isBomb) {
    return { reason: 'archive-unsafe', found: `an archive of ${entries.length} files with ${unpacked} bytes` };
  }

  if (office.includes(extension) && !entries.some(({ name }) => name === '[Content_Types].xml')) {
    return { reason: 'content-differs', found: 'zip' };
  }

  const bad = entries.find(({ name }) => isBad(extension, name));
  return bad === undefined ? undefined : { reason: 'archive-unsafe', found: `an archive with «${bad.name}»` };
}

/** What runs, what leads out of the folder that it is unpacked into, and what has to be unpacked once more. */
function isBad(extension: string, name: string): boolean {
  const inner = extensionOf(name) ?? '';
  const isOutside = /^(?:[/\\]|[a-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(name);
  const hasMacros = office.includes(extension) && MACROS.test(name);
  return isOutside || hasMacros || hidesLetters(name) || runs.test(inner) || packs.test(inner);
}
