import type { ArchiveEntry, ArchiveLook } from '../domain/file-content.ts';
import type { Spool } from './spool.ts';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const ENTRY = 0x02014b50;

const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;
const ENTRY_LENGTH = 46;
/** The longest comment that can follow the end of the directory. */
const LONGEST_COMMENT = 65_535;

/** A directory that is larger is not read; it would have some hundred thousand entries. */
const LARGEST_DIRECTORY = 16 * 1024 * 1024;

const UTF_8 = 0x800;
const ENCRYPTED = 0x1;
/** Its value stands in the field for 64 bits. */
const ELSEWHERE = 0xffffffff;

interface Place {
  readonly offset: number;
  readonly length: number;
  /** Entries that it says it has; of 16 bits where the archive is no large one. */
  readonly count: number;
}

/** What a zip archive lists at its end. `unreadable` for one that is broken, cut, or larger in its list than any honest one. */
export async function readZipDirectory(spool: Spool): Promise<ArchiveLook | 'unreadable'> {
  try {
    const place = await findDirectory(spool);
    if (place === undefined || place.length > LARGEST_DIRECTORY) {
      return 'unreadable';
    }

    const directory = await spool.part(place.offset, place.length);
    const entries = readEntries(directory);
    // Who unpacks may go by the number instead of the length.
    return entries === undefined || (entries.length - place.count) % 0x1_00_00 !== 0
      ? 'unreadable'
      : { entries, packed: spool.size() };
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      return 'unreadable';
    }
    throw thrown;
  }
}

/** Undefined as well for a directory that does not end where its end begins: who unpacks may look in either place. */
async function findDirectory(spool: Spool): Promise<Place | undefined> {
  const begin = Math.max(0, spool.size() - END_LENGTH - LONGEST_COMMENT - LOCATOR_LENGTH);
  const tail = await spool.part(begin, spool.size() - begin);
  for (let at = tail.length - END_LENGTH; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === END) {
      const found = {
        count: tail.readUInt16LE(at + 10),
        length: tail.readUInt32LE(at + 12),
        offset: tail.readUInt32LE(at + 16),
      };
      const locator = at - LOCATOR_LENGTH;
      const isLarge = locator >= 0 && tail.readUInt32LE(locator) === END_64_LOCATOR;
      return isLarge
        ? readLargeEnd(spool, Number(tail.readBigUInt64LE(locator + 8)), found)
        : endingAt(begin + at, found);
    }
  }
  return undefined;
}

/** Where the smaller end says something, it has to say the same. */
async function readLargeEnd(spool: Spool, at: number, small: Place): Promise<Place | undefined> {
  const end = await spool.part(at, 56);
  if (end.readUInt32LE(0) !== END_64) {
    return undefined;
  }

  const large = {
    count: Number(end.readBigUInt64LE(32)),
    length: Number(end.readBigUInt64LE(40)),
    offset: Number(end.readBigUInt64LE(48)),
  };
  const agrees = (key: 'length' | 'offset') => small[key] === ELSEWHERE || small[key] === large[key];
  return agrees('length') && agrees('offset') ? endingAt(at, large) : undefined;
}

function endingAt(end: number, place: Place): Place | undefined {
  return place.offset + place.length === end ? place : undefined;
}

function readEntries(directory: Buffer): readonly ArchiveEntry[] | undefined {
  const entries: ArchiveEntry[] = [];
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== ENTRY) {
      return undefined;
    }

    const flags = directory.readUInt16LE(at + 8);
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const name = directory.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength);
    const size = directory.readUInt32LE(at + 24);
    const extra = directory.subarray(at + ENTRY_LENGTH + nameLength, at + ENTRY_LENGTH + nameLength + extraLength);
    entries.push({
      name: name.toString((flags & UTF_8) === 0 ? 'latin1' : 'utf8'),
      size: size === ELSEWHERE ? largeSize(extra) : size,
      isEncrypted: (flags & ENCRYPTED) !== 0,
    });
    at += ENTRY_LENGTH + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** The first of the 64-bit values is the size, for an entry whose size does not fit in 32 bits. */
function largeSize(extra: Buffer): number {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) {
      return Number(extra.readBigUInt64LE(at + 4));
    }
  }
  return ELSEWHERE;
}
