/**
 * Ids in few letters, for keys have room for about 150: `otrs:100/1..3,jira:20001`. Ids that differ in their last number
 * only, and follow each other, become a range. `packIds` makes as many texts as that takes; `unpackIds` reads one back.
 */
export function packIds(ids: readonly string[], longest: number): readonly PackedIds[] {
  const packed: PackedIds[] = [];
  for (const run of runsOf(ids)) {
    const last = packed.at(-1);
    const text = last === undefined ? run.text : `${last.text},${run.text}`;
    if (last !== undefined && text.length <= longest) {
      packed[packed.length - 1] = { text, ids: [...last.ids, ...run.ids] };
    } else {
      packed.push(run);
    }
  }
  return packed;
}

export interface PackedIds {
  readonly text: string;
  readonly ids: readonly string[];
}

/** Ids in a range that are read back at most: a text that says more was not written by `packIds`. */
const MOST = 100_000;

export function unpackIds(text: string): readonly string[] {
  return text.split(',').flatMap((run) => {
    const match = /^(.*?)(\d+)\.\.(\d+)$/.exec(run);
    if (match === null) {
      return run;
    }

    const [, prefix = '', first, last] = match;
    const count = Number(last) - Number(first) + 1;
    return count > 0 && count <= MOST
      ? Array.from({ length: count }, (_, index) => `${prefix}${Number(first) + index}`)
      : run;
  });
}

/** Ids as numbers where they are numbers: `100/2` before `100/10`. */
export function compareIds(left: string, right: string): number {
  return ORDER.compare(left, right);
}

const ORDER = new Intl.Collator('en', { numeric: true });

function runsOf(ids: readonly string[]): readonly PackedIds[] {
  const runs: { prefix: string; first: string; last: string; ids: string[] }[] = [];
  for (const id of ids.toSorted(compareIds)) {
    const [, prefix = id, number = ''] = /^(.*?)(?<!\d)([1-9]\d{0,14})$/.exec(id) ?? [];
    const run = runs.at(-1);
    if (run !== undefined && number !== '' && run.prefix === prefix && Number(run.last) + 1 === Number(number)) {
      run.last = number;
      run.ids.push(id);
    } else {
      runs.push({ prefix, first: number, last: number, ids: [id] });
    }
  }
  return runs.map(({ prefix, first, last, ids: held }) => ({
    text: held.length === 1 ? `${prefix}${first}` : `${prefix}${first}..${last}`,
    ids: held,
  }));
}
