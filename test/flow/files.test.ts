import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Attachment } from '../../src/domain/ticket.ts';
import { gather } from '../../src/flow/gather.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import type { Fault, MemoryDesk } from '../support/memory-desk.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

/** A file that came with the first article, with its bytes at the desk. */
function put(desk: MemoryDesk, id: string, name: string, text: string): Attachment {
  const bytes = Buffer.from(text);
  desk.contents.set(id, bytes);
  return {
    id,
    name,
    contentType: 'text/plain',
    size: bytes.length,
    ...(desk === rig.otrs ? { commentId: '100' } : {}),
  };
}

async function look(ref: typeof TICKET | typeof ISSUE = TICKET): Promise<void> {
  await rig.tell(ref);
  await rig.work();
}

async function openWith(...attachments: readonly Attachment[]): Promise<void> {
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП', attachments }));
  await look();
}

const filesOf = (desk: MemoryDesk, id: string) => desk.records.get(id)?.attachments ?? [];
const carriedBy = (desk: MemoryDesk) => desk.calls.filter((call) => call.startsWith('attach'));
const textsIn = (desk: MemoryDesk, id: string) =>
  filesOf(desk, id).map((file) => [file.name, String(desk.contents.get(file.id))]);
const notes = () => rig.ticket('42').comments.filter(({ marker = '' }) => marker.startsWith('comment:note:refused'));

describe('a permitted file', () => {
  test('goes from the ticket to its issue, once, byte for byte and under its name', async () => {
    await openWith(put(rig.otrs, '100/1', 'Журнал ошибок.txt', 'Ошибка 😀'));
    await look();
    await look(ISSUE);

    expect(textsIn(rig.jira, '10001')).toEqual([['Журнал ошибок.txt', 'Ошибка 😀']]);
    expect(carriedBy(rig.jira)).toEqual(['attach 10001 attach:jira:100/1']);
    expect(carriedBy(rig.otrs)).toEqual([]);
  });

  test('goes from the issue to its ticket, once, and its copy does not come back', async () => {
    await openWith();
    rig.jira.change('10001', () => ({ attachments: [put(rig.jira, '20001', 'сборка.txt', 'сборка')] }));
    await look(ISSUE);
    await look();

    expect(textsIn(rig.otrs, '42')).toEqual([['сборка.txt', 'сборка']]);
    expect(carriedBy(rig.otrs)).toEqual(['attach 42 attach:otrs:20001']);
    expect(carriedBy(rig.jira)).toEqual([]);
  });

  test.each<Fault>(['lose-the-answer', 'outage', 'rate-limit'])(
    'arrives once although its call meets «%s»',
    async (fault) => {
      await openWith();
      rig.otrs.change('42', () => ({ attachments: [put(rig.otrs, '100/1', 'экран.txt', 'x')] }));
      rig.jira.fail('attach', fault);
      await look();
      rig.clock.pass({ minutes: 20 });
      await look();

      expect(filesOf(rig.jira, '10001')).toHaveLength(1);
      expect(await rig.letters()).toEqual([]);
    },
  );

  test.each<Fault>(['outage', 'rate-limit'])(
    'arrives although it could not be fetched at first: «%s»',
    async (fault) => {
      await openWith();
      rig.otrs.change('42', () => ({ attachments: [put(rig.otrs, '100/1', 'экран.txt', 'x')] }));
      rig.otrs.fail('fetch', fault);
      await look();
      rig.clock.pass({ minutes: 20 });
      await look();

      expect(filesOf(rig.jira, '10001')).toHaveLength(1);
    },
  );

  test('arrives once although the process was killed between fetching and sending, or after sending', async () => {
    await openWith();
    rig.otrs.change('42', () => ({
      attachments: [put(rig.otrs, '100/1', 'до.txt', '1'), put(rig.otrs, '100/2', 'после.txt', '2')],
    }));
    await rig.tell(TICKET);
    const [claim] = await rig.store.claim('killed', 1, 1_000, rig.clock.now());
    if (claim === undefined) {
      throw new Error('nothing is due');
    }
    const { signal } = new AbortController();
    const { facts } = await gather(TICKET, rig.desks, rig.store, signal);
    for (const action of decide(facts, rig.rules.policy, rig.clock.now()).actions) {
      await rig.store.intend(claim, action, rig.clock.now());
      if (action.do === 'attach' && action.file.name === 'после.txt') {
        const { jira } = rig.desks;
        const open = () => Readable.from([Buffer.from('2')]);
        await jira.attach(action.ref, { ...action.file, open }, action.note, action.key, signal);
      }
    }
    rig.clock.pass({ minutes: 20 });
    await look();

    expect(textsIn(rig.jira, '10001')).toEqual([
      ['после.txt', '2'],
      ['до.txt', '1'],
    ]);
    expect(await rig.letters()).toEqual([]);
  });

  test('has its hash in the audit', async () => {
    await openWith(put(rig.otrs, '100/1', 'a.txt', 'abc'));

    expect(await rig.store.auditTrail(TICKET)).toContainEqual(
      expect.objectContaining({
        what: 'attach',
        detail: expect.objectContaining({
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        }),
      }),
    );
  });

  test('comes after the words, and the ticket is moved before', async () => {
    rig.otrs.put(
      aTicket({
        ticketQueue: 'NTTM::3ЛТП',
        comments: [...aTicket().comments, aComment({ id: '101' })],
        attachments: [put(rig.otrs, '100/1', 'a.txt', 'abc')],
      }),
    );
    await look();

    const writes = rig.jira.calls.filter((call) => /^(open|comment|attach)/.test(call));
    expect(writes.map((call) => call.split(' ')[0])).toEqual(['open', 'comment', 'attach']);
  });
});

describe('many files', () => {
  test('three hundred go exactly once, although they are the same file, and thirty empty ones come back', async () => {
    const ofTicket = Array.from({ length: 300 }, (_, index) => put(rig.otrs, `100/${index + 1}`, 'экран.txt', 'x'));
    const ofIssue = Array.from({ length: 30 }, (_, index) => put(rig.jira, String(20_001 + index), 'пусто.txt', ''));
    let decisions = 0;
    rig.rules.policy = {
      ...quietPolicy,
      get goneIssue() {
        decisions += 1;
        return quietPolicy.goneIssue;
      },
    };
    await openWith(...ofTicket);
    const decided = decisions;
    const reads = rig.otrs.calls.filter((call) => call.startsWith('read')).length;
    rig.jira.change('10001', ({ attachments }) => ({ attachments: [...attachments, ...ofIssue] }));
    await look(ISSUE);
    await look();

    // One before the files, one after each reading among them, and few for what else a new ticket needs.
    expect(reads).toBe(1 + 300 / 20);
    expect(decided).toBeLessThanOrEqual(reads + 10);
    expect(carriedBy(rig.jira)).toHaveLength(300);
    expect(new Set(carriedBy(rig.jira)).size).toBe(300);
    expect(carriedBy(rig.otrs)).toHaveLength(30);
    expect(filesOf(rig.jira, '10001')).toHaveLength(330);
    expect(filesOf(rig.otrs, '42')).toHaveLength(330);
  }, 60_000);

  test('on their slow way hold up no other ticket, however many tickets have some', async () => {
    const { fetch } = rig.otrs;
    const slow = Promise.withResolvers<void>();
    rig.otrs.fetch = async (...call) => {
      await slow.promise;
      return fetch(...call);
    };
    const ids = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    for (const id of ids) {
      const ref = { system: 'otrs', id, key: `202611231000000${id}` };
      const attachments = Number(id) <= 4 ? [put(rig.otrs, `${id}/1`, 'журнал.txt', 'x')] : [];
      rig.otrs.put(aTicket({ ref, ticketQueue: 'NTTM::3ЛТП', attachments }));
      await rig.tell(ref);
    }

    const working = rig.work();
    for (let time = 0; time < 400 && rig.issues().length < ids.length; time += 1) {
      await sleep(5);
    }
    const opened = rig.issues().length;
    slow.resolve();
    await working;

    expect(opened).toBe(ids.length);
    expect(carriedBy(rig.jira)).toHaveLength(4);
  });

  test('lost answers among them make no doubles', async () => {
    await openWith();
    rig.otrs.change('42', () => ({
      attachments: Array.from({ length: 20 }, (_, index) => put(rig.otrs, `100/${index + 1}`, 'экран.txt', 'x')),
    }));
    for (let round = 0; round < 12; round += 1) {
      rig.jira.fail('attach', 'lose-the-answer');
      await look();
      rig.clock.pass({ minutes: 20 });
    }
    await look();

    expect(filesOf(rig.jira, '10001')).toHaveLength(20);
    expect((await rig.letters()).filter(({ state }) => state === 'open')).toEqual([]);
  });
});

describe('a refused file', () => {
  test('is named in one internal note with the others, once, and the rest go', async () => {
    await openWith(
      put(rig.otrs, '100/1', 'вирус.exe', 'MZ'),
      put(rig.otrs, '100/2', 'экран.txt', 'x'),
      put(rig.otrs, '100/3', 'README', 'x'),
    );
    await look();
    await look(ISSUE);

    expect(textsIn(rig.jira, '10001').map(([name]) => name)).toEqual(['экран.txt']);
    expect(notes()).toMatchObject([
      {
        visibility: 'internal',
        marker: 'comment:note:refused@otrs:100/1,otrs:100/3',
        text: expect.stringMatching(/«вирус\.exe» не перенесён[^\n]*\n[^\n]*«README» не перенесён/),
      },
    ]);
  });

  test('on the way is named with those that were refused by their names, and is not sent again', async () => {
    const gone = put(rig.otrs, '100/1', 'журнал.txt', 'x');
    rig.otrs.contents.delete('100/1');
    await openWith(gone, put(rig.otrs, '100/2', 'README', 'x'), put(rig.otrs, '100/3', 'экран.txt', 'x'));
    rig.clock.pass({ hours: 1 });
    await look();

    expect(textsIn(rig.jira, '10001').map(([name]) => name)).toEqual(['экран.txt']);
    expect(notes()).toMatchObject([{ text: expect.stringMatching(/«журнал\.txt»[^\n]*\n[^\n]*«README»/) }]);
    expect(rig.otrs.calls.filter((call) => call === 'fetch 42 100/1')).toHaveLength(1);
    expect(await rig.letters()).toMatchObject([{ code: 'FILE_REFUSED', state: 'open' }]);
  });

  test('that JIRA does not take for now is named once and arrives when JIRA takes it', async () => {
    rig.jira.fail('attach', 'refuse');
    await openWith(put(rig.otrs, '100/1', 'экран.txt', 'x'));
    expect(notes()).toMatchObject([{ text: expect.stringMatching(/«экран\.txt» пока не перенесён/) }]);

    rig.clock.pass({ minutes: 20 });
    await look();

    expect(textsIn(rig.jira, '10001')).toEqual([['экран.txt', 'x']]);
    expect(notes()).toHaveLength(1);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('is one whose content is not what its name says; files of the issue pass where the mapping lets everything pass', async () => {
    rig.rules.policy = {
      ...rig.rules.policy,
      attachments: { ...rig.rules.policy.attachments, filesOfIssue: 'everything' },
    };
    await openWith(put(rig.otrs, '100/1', 'экран.png', 'это не снимок'));
    rig.jira.change('10001', () => ({ attachments: [put(rig.jira, '20001', 'сборка.png', 'это не снимок')] }));
    await look(ISSUE);

    expect(notes()).toMatchObject([{ text: expect.stringContaining('содержимое не соответствует расширению png') }]);
    expect(carriedBy(rig.jira)).toEqual([]);
    expect(textsIn(rig.otrs, '42').map(([name]) => name)).toContain('сборка.png');
  });

  test('that comes later has a note of its own, and a lost memory names none again', async () => {
    await openWith(put(rig.otrs, '100/1', 'вирус.exe', 'MZ'));
    rig.otrs.change('42', ({ attachments }) => ({
      attachments: [...attachments, put(rig.otrs, '100/2', 'ещё.exe', 'MZ')],
    }));
    await look();
    expect(notes().map(({ marker }) => marker)).toEqual([
      'comment:note:refused@otrs:100/1',
      'comment:note:refused@otrs:100/2',
    ]);

    const { otrs, jira } = rig;
    const forgetful = await createBridgeRig({ otrs, jira });
    await forgetful.tell(TICKET);
    await forgetful.work();
    await forgetful.stop();

    expect(notes()).toHaveLength(2);
  });

  test('among hundreds is in one note', async () => {
    await openWith(
      ...Array.from({ length: 400 }, (_, index) => put(rig.otrs, `100/${index + 1}`, `${index}.exe`, 'MZ')),
    );

    expect(notes().map(({ marker }) => marker)).toEqual(['comment:note:refused@otrs:100/1..400']);
  });
});
