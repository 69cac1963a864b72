import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type Deeds, runCommand } from '../../src/cli/commands.ts';
import { parseCloudEvent } from '../../src/intake/cloud-event.ts';
import { openSqliteStore, openSqliteStoreForOperator, openSqliteStoreReadOnly } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { begin, commentOn, issue, letter, MINUTE, now, plus, ticket } from '../store/promises/sample.ts';

const options = (folder: string) => ({
  file: join(folder, 'bridge.db'),
  ticketSystem: 'otrs',
  log: pino({ level: 'silent' }),
});
const nobody = () => Promise.reject(new Error('no command here needs it'));

let folder: string;
/** The bridge that runs on the file all the while. */
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-letters-'));
  store = openSqliteStore(options(folder));
  await store.migrate();
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const action = commentOn(issue('1'), 'Прошу лог');

/** Tickets whose comments were refused for the same reason, at one minute after the other. */
async function refuse(...ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const claim = await begin(store, id);
    await store.intend(claim, action, now);
    const at = plus(Number(id) * MINUTE);
    await store.refuse(claim, action, letter({ message: `Код «${id}»\nнеизвестен`, at, rules: 'abc' }));
    await store.release(claim, { outcome: 'settled' }, now);
  }
}

async function run(words: string | readonly string[], editor?: string) {
  const said = { out: '', error: '' };
  const deeds: Deeds = {
    serve: nobody,
    check: nobody,
    checkOffline: nobody,
    migrate: nobody,
    explain: nobody,
    otrsGuide: nobody,
    writeOtrsWebService: nobody,
    sla: nobody,
    rules: nobody,
    setUpBroker: nobody,
    story: nobody,
    backup: nobody,
    restore: nobody,
    snapshots: async function* () {},
    letters: async (_, access, work) => {
      const own =
        access === 'look' ? openSqliteStoreReadOnly(options(folder)) : openSqliteStoreForOperator(options(folder));
      const rehearse = nobody;
      return work({ store: own, now: () => plus(MINUTE), readMessage: parseCloudEvent, rehearse }).finally(() =>
        own.close(),
      );
    },
  };
  const exitCode = await runCommand(typeof words === 'string' ? words.split(' ') : words, {
    version: '1.2.3',
    deeds,
    streams: {
      input: async function* () {},
      drained: async () => undefined,
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    },
    signal: new AbortController().signal,
    login: 'petrova.2l',
    editor,
  });
  return { exitCode, ...said };
}

const open = () => store.deadLetters({ state: 'open', limit: 100 });
async function idOf(number: string): Promise<string> {
  const [found] = await store.deadLetters({ ticket: ticket(number), limit: 1 });
  return (found?.id ?? 'none').slice(0, 8);
}

describe('looking', () => {
  test.each(['', ' list'])('dead-letters%s says of each letter when, what, why and what to do', async (word) => {
    await refuse('42');
    const { out, exitCode } = await run(`dead-letters${word}`);

    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^2026-03-0\d \d\d:42:00 [+-]\d\d:\d\d {2}REFUSED {2}ticket 2026030210000042 \(id 42\), comment:jira:17 {2}\[open\]/,
    );
    expect(out).toContain('Код «42» неизвестен');
    expect(out).toContain('Mend the mapping');
    expect(out).toContain(`letter ${await idOf('42')}, group `);
  });

  test('a code of another version is shown all the same', async () => {
    await store.bury(letter({ ticket: ticket('1'), code: 'toString' }));
    expect((await run('dead-letters')).out).toContain('This version does not know the code.');
  });

  test('what strangers wrote is shown, and commands nothing to the terminal', async () => {
    const message = 'A\u001b[2J\u0007\rB\u009b31m\u202eC\u202c\tD';
    await store.bury(letter({ ticket: ticket('1'), message, details: { said: message } }));
    const json = await run('dead-letters --json');
    expect(JSON.parse(json.out)).toMatchObject([{ message, details: { said: message } }]);
    const id = JSON.parse(json.out)[0].id;

    for (const words of ['dead-letters', 'dead-letters groups', `dead-letters show ${id}`, 'dead-letters export']) {
      const { out } = await run(words);
      expect([words, out.match(/[^\P{Cc}\n\t]|[\u202a-\u202e]/gu)]).toEqual([words, null]);
      expect(out).toContain('\\u009b31m\\u202eC');
    }
    expect((await run(`dead-letters show ${message}`)).error).toContain('A\\u001b[2J');
  });

  test('pages go on where the one before ended', async () => {
    await refuse('1', '2', '3');
    const first = await run('dead-letters list --limit 2');
    expect(first.out).toMatch(/id 3\)[\s\S]*id 2\)/);
    const after = /--after (\S+)/.exec(first.out)?.[1] ?? '';
    expect((await run(`dead-letters list --after ${after} --json`)).out).toContain('"id": "1"');
    expect((await run('dead-letters list --limit 3')).out).not.toContain('--after');
    expect(JSON.parse((await run('dead-letters list --limit 2 --json')).out)).toHaveLength(2);
  });

  test('groups that are not shown are mentioned', async () => {
    await refuse('1');
    await store.bury(letter({ ticket: ticket('2'), code: 'INTERNAL' }));

    expect((await run('dead-letters groups --limit 1')).out).toMatch(
      /Only the largest 1 are shown; --limit shows more/,
    );
    expect(JSON.parse((await run('dead-letters groups --limit 1 --json')).out)).toHaveLength(1);
    expect((await run('dead-letters groups --limit 2')).out).not.toContain('Only');
  });

  test.each([
    ['--ticket 2026030210000002', ['2']],
    ['--code refused --since 2026-03-02T09:02:30Z', ['3']],
    ['--system jira --until 2026-03-02T12:03+03:00', ['2', '1']],
    ['--text код', ['3', '2', '1']],
    ['--state discarded', []],
    ['--state all --system otrs', []],
  ])('list %s', async (words, ids) => {
    await refuse('1', '2', '3');
    const { out } = await run(`dead-letters list --json ${words}`);
    expect(JSON.parse(out).map((each: { ticket: { id: string } }) => each.ticket.id)).toEqual(ids);
  });

  test('the same fault is one group, with an example', async () => {
    await refuse('1', '2', '3');
    const { out } = await run('dead-letters groups');
    expect(out).toMatch(/^[0-9a-f]{12} {2}REFUSED {2}jira {2}3 letters of 3 tickets, /);
    expect(out).toContain(`e.g. letter ${await idOf('3')}`);
  });

  test('one letter is shown with its action and what can be done', async () => {
    await refuse('42');
    const { out } = await run(`dead-letters show ${await idOf('42')}`);
    expect(out).toMatch(/rules abc[\s\S]*"text": "Прошу лог"[\s\S]*bridge dead-letters replay \w{8} --dry-run/);
  });

  test.each([
    'dead-letters --limit 0',
    'dead-letters --limit viel',
    'dead-letters --state closed',
    'dead-letters show',
    'dead-letters discard abc',
    'dead-letters repaly',
  ])('«%s» is wrong usage', async (words) => {
    expect((await run(words)).exitCode).toBe(2);
  });

  test.each(['list', 'groups', 'show', 'edit', 'replay', 'discard', 'restore', 'export', 'jobs'])(
    'the help of %s has examples',
    async (name) => {
      expect((await run(`dead-letters ${name} --help`)).out).toContain(`$ bridge dead-letters ${name}`);
    },
  );
});

describe('acting', () => {
  test('a replay is ordered in the name of whoever is logged in, while the bridge runs', async () => {
    await refuse('42');
    const { out, exitCode } = await run(`dead-letters replay ${await idOf('42')}`);
    expect([exitCode, out]).toEqual([0, expect.stringContaining('the replay is ordered')]);
    expect(await store.orders(ticket('42'))).toMatchObject([{ order: { as: 'now', by: 'petrova.2l' } }]);
  });

  test('who is second is told who was first, and what he did', async () => {
    await refuse('42');
    const id = await idOf('42');
    await run(`dead-letters replay ${id} --as smirnov.2l`);
    expect(await run(`dead-letters replay ${id}`)).toMatchObject({
      exitCode: 1,
      error: expect.stringMatching(/^LETTER_TAKEN: .*smirnov\.2l ordered its replay at 2026-03-02T09:01/),
    });
  });

  test('a value is set by its path, and the revision is replayed as it was edited', async () => {
    await refuse('42');
    const words = ['dead-letters', 'edit', await idOf('42'), '--set', 'comment.text=Пришлите = лог', '--replay'];
    expect((await run(words)).exitCode).toBe(0);
    expect(await store.orders(ticket('42'))).toMatchObject([
      { order: { as: 'recorded' }, action: { ...action, comment: { text: 'Пришлите = лог' } } },
    ]);
  });

  test.each([
    ['comment.txt=x', /comment: Unrecognized key: "txt"/],
    ['comment.visibility=secret', /comment\.visibility: Invalid option/],
    ['key=comment:jira:18', /key: must stay "comment:jira:17"/],
    ['ref.id=2', /ref: must stay /],
    ['comment.text.x=1', /there is nothing at «comment\.text»/],
    ['comment.text', /write path=value/],
  ])('--set %s is refused with the place', async (assignment, told) => {
    await refuse('42');
    const { exitCode, error } = await run(['dead-letters', 'edit', await idOf('42'), '--set', assignment]);
    expect([exitCode, error]).toEqual([1, expect.stringMatching(told)]);
    expect((await open()).map(({ action: kept }) => kept)).toEqual([action]);
  });

  test('an editor is given the action in a file of its own, which does not stay', async () => {
    await refuse('42');
    const editor = join(folder, 'my editor.sh');
    await writeFile(editor, `#!/bin/sh\nsed -i s/Прошу/Дайте/ "$1"\necho "$1" > ${join(folder, 'seen')}\n`);
    await chmod(editor, 0o700);

    expect((await run(`dead-letters edit ${await idOf('42')}`, `'${editor}'`)).exitCode).toBe(0);
    expect((await open())[0]?.action).toMatchObject({ comment: { text: 'Дайте лог' } });
    await expect(stat((await readFile(join(folder, 'seen'), 'utf8')).trim())).rejects.toThrow('ENOENT');
  });

  test('an editor that changes nothing, or fails, leaves the letter as it is', async () => {
    await refuse('42');
    expect(await run(`dead-letters edit ${await idOf('42')}`, 'true')).toMatchObject({ out: 'nothing was changed\n' });
    expect((await run(`dead-letters edit ${await idOf('42')}`, 'false')).exitCode).toBe(1);
    expect(await open()).toHaveLength(1);
  });

  test('a message is mended, and read again', async () => {
    await store.bury(letter({ code: 'MESSAGE_UNREADABLE', details: { body: '{"specversion":"1.0"}' } }));
    const [broken] = await open();
    const id = broken?.id.slice(0, 8) ?? '';
    const shown = (await run(`dead-letters show ${id}`)).out;
    expect(shown).toContain('edit the body and replay the letter');
    expect(shown).toContain(`bridge dead-letters edit ${id}`);
    expect(shown).not.toContain('--dry-run');
    expect(await run(`dead-letters replay ${id}`)).toMatchObject({
      exitCode: 1,
      error: expect.stringMatching(/^LETTER_UNUSABLE: .*still cannot be understood.*type/),
    });

    const event = {
      specversion: '1.0',
      id: 'a',
      source: '/x',
      type: 'bridge.ticket.changed',
      data: { system: 'otrs', id: '7' },
    };
    await writeFile(join(folder, 'body.json'), JSON.stringify(event));
    const edited = await run(`dead-letters edit ${id} --file ${join(folder, 'body.json')} --replay`);
    expect(edited.out).toContain('the message was taken in');
    expect(await open()).toEqual([]);
    expect(await store.backlog(plus(MINUTE))).toMatchObject({ due: 1 });
  });

  test('what is discarded can be restored', async () => {
    await refuse('42');
    const id = await idOf('42');
    expect((await run(['dead-letters', 'discard', id, '--reason', 'по телефону'])).exitCode).toBe(0);
    expect((await run('dead-letters list --state discarded')).out).toContain('discarded by petrova.2l');
    expect((await run(`dead-letters restore ${id}`)).out).toContain('is open again');
    expect(await open()).toHaveLength(1);
  });

  test('nothing is done in bulk by mistake', async () => {
    await refuse('1', '2');
    expect(await run('dead-letters replay')).toMatchObject({ exitCode: 1, error: expect.stringContaining('--all') });
    expect(await store.jobs(10)).toEqual([]);
    expect((await run('dead-letters replay --code REFUSED')).out).toMatch(/0 of 2 mended, .*2 to do/);
    expect(await store.jobs(10)).toMatchObject([{ act: 'replay', by: 'petrova.2l', progress: { todo: 2 } }]);
  });

  test('who begins a second job over the same letters is told of the first, and how to look at it', async () => {
    await refuse('1', '2');
    await run('dead-letters replay --code REFUSED --as smirnov.2l');
    const [first] = await store.jobs(1);
    const id = first?.id.slice(0, 8);

    for (const words of ['replay --all', 'discard --system jira --reason doubled', 'replay --code REFUSED --watch']) {
      const { exitCode, error } = await run(`dead-letters ${words}`);
      expect([words, exitCode]).toEqual([words, 1]);
      expect(error).toMatch(/^LETTER_TAKEN: .*begun by smirnov\.2l at .*has 2 of these letters in hand/);
      expect(error).toContain(`bridge dead-letters jobs --watch ${id}`);
      expect(error).toContain(`--stop ${id}`);
    }
    expect(await store.jobs(10)).toHaveLength(1);
  });
});

describe('a filter', () => {
  test.each([
    ['replay', '--text'],
    ['replay', '--fingerprint'],
    ['discard', '--text'],
    ['list', '--ticket'],
  ])('%s with %s of nothing, as from a variable that is not set, is refused', async (act, option) => {
    await refuse('1', '2');
    for (const nothing of ['', '  ']) {
      const words = ['dead-letters', act, option, nothing, ...(act === 'discard' ? ['--reason', 'x'] : [])];
      expect(await run(words)).toMatchObject({ exitCode: 1, error: expect.stringContaining(`${option} is empty`) });
    }
    expect(await store.jobs(10)).toEqual([]);
  });

  test('longer than any text is refused, and signs mean themselves', async () => {
    await refuse('1');
    expect((await run(['dead-letters', '--text', '%'.repeat(60_000)])).error).toMatch(
      /^CASE_INVALID: --text has 60000/,
    );
    for (const signs of ['%', '_1_', '.*', "' or 1=1 --", '\\']) {
      expect((await run(['dead-letters', '--text', signs])).out).toBe('no dead letters\n');
    }
  });
});

describe('export', () => {
  test('all pages, one JSON object a line', async () => {
    await refuse('1', '2', '3');
    const lines = (await run('dead-letters export')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).ticket.id)).toEqual(['3', '2', '1']);
  });

  test('a table for people, in which no text is taken for a formula', async () => {
    await store.bury(letter({ ticket: ticket('1'), message: '=cmd|"x", да' }));
    const file = join(folder, 'letters.csv');
    await run(`dead-letters export --csv --file ${file}`);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^\uFEFFfailed,first,/);
    expect(text).toContain(`,"'=cmd|""x"", да",`);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await run(`dead-letters export --csv --file ${file}`)).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('it is there already'),
    });
  });
});
