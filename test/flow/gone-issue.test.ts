import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, anIssue, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };
const NOTE = 'comment:note:issue-gone:10001';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;
let issue: Snapshot;

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await rig.tell(TICKET);
  await rig.work();
  issue = rig.jira.records.get('10001') ?? anIssue();
  rig.jira.calls.length = 0;
});

afterEach(() => rig.stop());

const look = async (ref: { readonly system: string; readonly id: string } = ISSUE) => {
  await rig.tell(ref);
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
const vanish = async () => {
  rig.jira.records.delete('10001');
  await look();
};
const letters = async () => (await rig.letters()).map(({ code, state }) => `${code} ${state}`);
const notes = () => rig.ticket('42').comments.filter(({ marker }) => marker === NOTE);

describe('an issue that JIRA does not show any more', () => {
  test('is told of once: an internal note and a dead letter, and nothing is opened or written in its place', async () => {
    await vanish();
    await look();
    await look(TICKET);

    expect(notes()).toMatchObject([{ visibility: 'internal', text: expect.stringContaining('OSSTTMB2B-1') }]);
    expect(await letters()).toEqual(['RECORD_NOT_READABLE open']);
    expect(rig.issues()).toEqual([]);
    expect(rig.jira.calls.filter((call) => !call.startsWith('read'))).toEqual([]);
  });

  test('does not stop the ticket’s own side: what else it calls for is done', async () => {
    rig.otrs.change('42', () => ({ priority: '2 Высокий' }));
    await vanish();

    expect(rig.looks.at(-1)).toMatchObject({ look: { facts: { isIssueGone: true } } });
    expect(rig.looks.at(-1)).not.toHaveProperty('error');
    expect(rig.looks.at(-1)?.look?.decision.because.map(({ rule }) => rule)).toContain('curator-watches-the-ticket');
  });

  test('is looked for after an hour, then less and less often, at last once a day', async () => {
    await vanish();
    const pauses: number[] = [];
    for (let time = 0; time < 40; time += 1) {
      const due = await rig.store.nextDue();
      const milliseconds = due?.diff(rig.clock.now()).milliseconds ?? 0;
      pauses.push(milliseconds / 3_600_000);
      rig.clock.pass({ milliseconds });
      await rig.work();
    }

    expect(pauses.slice(0, 2)).toEqual([1, 2]);
    expect(Math.max(...pauses)).toBe(24);
    expect(pauses.slice(-20).every((hours) => hours === 24)).toBe(true);
    expect(notes()).toHaveLength(1);
  });

  test('goes on where it stopped when it is back: the letter is resolved, and what people did meanwhile is carried', async () => {
    await vanish();
    rig.otrs.change('42', ({ comments }) => ({
      comments: [...comments, aComment({ id: '150', by: 'agent', text: 'Есть новости?' })],
    }));
    await look(TICKET);
    rig.jira.put({ ...issue, state: 'В работе', phase: 'open' });
    await look(TICKET);

    expect(await letters()).toEqual(['RECORD_NOT_READABLE resolved']);
    expect(rig.ticket('42').state).toBe('В работе');
    expect(rig.jira.records.get('10001')?.comments.map(({ marker }) => marker)).toContain('comment:jira:150');
    expect(notes()).toHaveLength(1);
  });

  test('is not looked for more often for a comment that was on its way, which is settled when it is back', async () => {
    rig.otrs.change('42', ({ comments }) => ({
      comments: [...comments, aComment({ id: '150', by: 'agent', text: 'Есть новости?' })],
    }));
    rig.jira.fail('comment', 'lose-the-answer');
    await rig.tell(TICKET);
    await rig.work();
    const written = rig.jira.records.get('10001') ?? issue;
    await vanish();

    expect(rig.looks.at(-1)?.release).toMatchObject({ outcome: 'buried' });
    expect(rig.jira.calls).not.toContain('find comment:jira:150');

    rig.jira.put(written);
    await look(TICKET);

    const copies = rig.jira.records.get('10001')?.comments.filter(({ marker }) => marker === 'comment:jira:150');
    expect(copies).toHaveLength(1);
    expect((await rig.store.link(TICKET)).done).toHaveProperty(['comment:jira:150']);
    expect(await letters()).toEqual(['RECORD_NOT_READABLE resolved']);
  });

  test('makes no fuss about a ticket that is over', async () => {
    rig.otrs.change('42', () => ({ state: 'Закрыто', phase: 'done' }));
    await look(TICKET);
    await vanish();

    expect(notes()).toEqual([]);
    expect(await letters()).toEqual([]);
  });

  test('is no deleted one while JIRA is down', async () => {
    rig.jira.turn('down');
    await look();

    expect(notes()).toEqual([]);
    expect(await letters()).toEqual([]);
  });
});

describe('an issue that is somewhere else', () => {
  test('keeps its ticket after a move to another project, and the ticket shows its new key and address', async () => {
    const ref = { ...issue.ref, key: 'ARCHB2B-5' };
    rig.jira.put({ ...issue, ref, url: 'http://jira.example.test/browse/ARCHB2B-5' });
    await look();

    expect(rig.ticket('42').fields).toMatchObject({
      issue_key: 'ARCHB2B-5',
      issue_url: 'http://jira.example.test/browse/ARCHB2B-5',
    });
    expect((await rig.store.link(TICKET)).issue).toEqual(ref);
    expect(rig.issues()).toHaveLength(1);
  });

  test('and refuses to be searched for a call that was never answered is asked again after an hour', async () => {
    rig.jira.fail('comment 10001', 'lose-the-answer');
    rig.jira.fail('find', ...Array.from({ length: 20 }, () => 'refuse' as const));
    rig.otrs.change('42', ({ comments }) => ({
      comments: [...comments, aComment({ id: '150', by: 'agent', text: 'Есть новости?' })],
    }));
    await look(TICKET);
    await look(TICKET);

    expect(await letters()).toEqual(['REFUSED open']);
    expect((await rig.store.nextDue())?.diff(rig.clock.now()).as('minutes')).toBeGreaterThan(55);
  });

  test('and archived refuses what is written, visibly and not without end', async () => {
    rig.jira.fail('comment 10001', ...Array.from({ length: 20 }, () => 'refuse' as const));
    rig.otrs.change('42', ({ comments }) => ({
      comments: [...comments, aComment({ id: '150', by: 'agent', text: 'Есть новости?' })],
    }));
    for (let time = 0; time < 5; time += 1) {
      await look(TICKET);
    }

    expect(await letters()).toEqual(['REFUSED open']);
    expect(rig.jira.calls.filter((call) => call.startsWith('comment'))).toHaveLength(1);
    expect((await rig.store.nextDue())?.diff(rig.clock.now()).as('hours')).toBeGreaterThan(1);
  });
});
