import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { mergeIn } from '../support/merging.ts';
import { aComment, aTicket } from '../support/records.ts';

/** The merged ticket is older than the main one, as its number shows. */
const MERGED = { system: 'otrs', id: '42', key: '2026112310000042' };
const MAIN = { system: 'otrs', id: '43', key: '2026112310000043' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

/** On line 3 a ticket gets an issue at its first look, on line 2 it has none. */
const register = async (ref: typeof MERGED, line: '2ЛТП' | '3ЛТП', changes: Partial<Snapshot> = {}) => {
  rig.otrs.put(
    aTicket({
      ref,
      ticketQueue: `NTTM::${line}`,
      text: `Текст ${ref.id}`,
      textCommentId: `${ref.id}00`,
      comments: [aComment({ id: `${ref.id}00`, by: 'requester', text: `Текст ${ref.id}` })],
      ...changes,
    }),
  );
  await look(ref);
};
const look = async (...refs: readonly { readonly system: string; readonly id: string }[]) => {
  for (const ref of refs) {
    await rig.tell(ref);
  }
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
const say = (id: string, comment: Parameters<typeof aComment>[0]) =>
  rig.otrs.change(id, ({ comments }) => ({ comments: [...comments, aComment(comment)] }));
const merge = async () => {
  mergeIn(rig.otrs, '42', '43');
  await look(MERGED, MAIN);
  // Both are looked at together, so the main ticket comes again when the merged one has been seen.
  await look();
};
const issueOf = async (ref: typeof MERGED) => (await rig.store.link(ref)).issue?.key;
const markersIn = (id: string) => rig.jira.records.get(id)?.comments.map(({ marker }) => marker) ?? [];
const wordsIn = (id: string) =>
  rig.jira.records
    .get(id)
    ?.comments.map(({ text }) => text)
    .join('\n') ?? '';
const rulesOf = (id: string) =>
  rig.looks.findLast(({ claim }) => claim.ticket.id === id)?.look?.decision.because.map(({ rule }) => rule) ?? [];

describe('a ticket with an issue that is merged into one without', () => {
  beforeEach(async () => {
    await register(MERGED, '3ЛТП');
    await register(MAIN, '2ЛТП');
    say('42', { id: '4210', by: 'agent', text: 'Сказано до объединения' });
    rig.jira.change('10001', ({ comments }) => ({
      comments: [...comments, aComment({ id: '7001', text: 'Ответ 3ЛТП до объединения' })],
    }));
    await look(MERGED);
  });

  test('gives it the issue: the main ticket shows it, and the issue is told once', async () => {
    await merge();

    expect([await issueOf(MERGED), await issueOf(MAIN)]).toEqual([undefined, 'OSSTTMB2B-1']);
    expect(rig.ticket('43').fields).toMatchObject({ issue_key: 'OSSTTMB2B-1' });
    expect(wordsIn('10001')).toContain('Обращение 2026112310000042 объединено в OTRS с обращением 2026112310000043.');
    expect(rig.issues()).toHaveLength(1);

    await look(MERGED, MAIN);
    expect(markersIn('10001').filter((marker) => marker?.startsWith('comment:note:merged'))).toEqual([
      'comment:note:merged-from:42',
    ]);
  });

  test('has nothing carried twice that moved with it, and the first words of the main ticket are told', async () => {
    await merge();

    const carried = markersIn('10001').filter((marker) => marker?.startsWith('comment:jira:'));
    expect(carried).toEqual(['comment:jira:4210', 'comment:jira:4300']);
    const copies = rig.ticket('43').comments.filter(({ marker }) => marker === 'comment:otrs:7001');
    expect(copies).toHaveLength(1);
  });

  test('leaves what comes later to the main ticket, both ways', async () => {
    await merge();
    say('43', { id: '4310', by: 'agent', text: 'Сказано после объединения' });
    rig.jira.change('10001', ({ comments }) => ({
      comments: [...comments, aComment({ id: '7002', text: 'Ответ 3ЛТП после объединения' })],
    }));
    await look({ system: 'jira', id: '10001' });

    expect(markersIn('10001')).toContain('comment:jira:4310');
    expect(rig.ticket('43').comments.map(({ marker }) => marker)).toContain('comment:otrs:7002');
    expect(rig.ticket('42').comments).toHaveLength(1);
    expect(rig.otrs.calls.filter((call) => /^(comment|update|move) 42/.test(call))).toHaveLength(2);
  });

  test('says at rest where its issue went, and opens none when people take it up again', async () => {
    await merge();
    await look(MERGED);
    expect(rulesOf('42')).toContain('merged-ticket-rests');

    rig.otrs.records.set('42', aTicket({ ref: MERGED, ticketQueue: 'NTTM::3ЛТП', comments: [] }));
    await look(MERGED);
    expect(rulesOf('42')).toContain('issue-went-to-another-ticket');
    expect(rig.issues()).toHaveLength(1);
  });

  test('hands over a comment that was on its way, which is not written twice', async () => {
    say('42', { id: '4211', by: 'agent', text: 'Ответ на это потерялся' });
    rig.jira.fail('comment 10001', 'lose-the-answer');
    await rig.tell(MERGED);
    await rig.work();
    await merge();
    await look(MAIN);

    expect(markersIn('10001').filter((marker) => marker === 'comment:jira:4211')).toHaveLength(1);
    expect((await rig.store.link(MAIN)).done).toHaveProperty(['comment:jira:4211']);
    expect(await rig.store.doubtful(MERGED)).toEqual([]);
  });

  test('lets go of an issue whose opening was never answered, once the main ticket has found it', async () => {
    const unsure = { system: 'otrs', id: '44', key: '2026112310000044' };
    await register({ system: 'otrs', id: '45', key: '2026112310000045' }, '2ЛТП');
    rig.jira.fail('open 44', 'lose-the-answer');
    await register(unsure, '3ЛТП');
    mergeIn(rig.otrs, '44', '45');
    rig.otrs.change('45', () => ({ ticketQueue: 'NTTM::3ЛТП' }));
    await rig.tell({ system: 'otrs', id: '45' });
    await rig.work();
    expect(await rig.store.doubtful(unsure)).toHaveLength(1);
    await look(unsure);

    expect((await rig.store.link({ system: 'otrs', id: '45' })).issue).toEqual(rig.issues().at(-1)?.ref);
    expect(await rig.store.doubtful(unsure)).toEqual([]);
    expect(rig.looks.at(-1)?.release.outcome).toBe('settled');
    expect(rig.issues()).toHaveLength(2);
  });

  test('keeps an issue that is done: what was solved then does not close the main ticket now', async () => {
    rig.jira.change('10001', () => ({ state: 'Закрыто', phase: 'done', resolution: 'Исправлено' }));
    await merge();

    expect([await issueOf(MERGED), await issueOf(MAIN)]).toEqual(['OSSTTMB2B-1', undefined]);
    expect(rig.ticket('43').phase).toBe('open');
    expect(rulesOf('42')).toContain('merged-ticket-rests');
  });

  test('gives up an issue that is taken up again later', async () => {
    rig.jira.change('10001', () => ({ state: 'Закрыто', phase: 'done', resolution: 'Исправлено' }));
    await merge();
    rig.jira.change('10001', () => ({ state: 'В работе', phase: 'open' }));
    await look({ system: 'jira', id: '10001' });
    await look();

    expect(await issueOf(MAIN)).toBe('OSSTTMB2B-1');
  });

  test('gives it on where the main ticket is merged into a third one', async () => {
    const third = { system: 'otrs', id: '44', key: '2026112310000044' };
    await merge();
    await register(third, '2ЛТП');
    mergeIn(rig.otrs, '43', '44');
    await look(MAIN, third);
    await look();

    expect([await issueOf(MERGED), await issueOf(MAIN), await issueOf(third)]).toEqual([
      undefined,
      undefined,
      'OSSTTMB2B-1',
    ]);
    expect(markersIn('10001').filter((marker) => marker === 'comment:jira:4210')).toHaveLength(1);
  });

  test('waits for the issue while JIRA is down, and nothing is lost', async () => {
    mergeIn(rig.otrs, '42', '43');
    rig.jira.turn('down');
    await look(MERGED, MAIN);
    expect(await issueOf(MERGED)).toBe('OSSTTMB2B-1');

    rig.jira.turn('up');
    rig.clock.pass({ minutes: 20 });
    await rig.work();
    await look(MAIN);

    expect(await issueOf(MAIN)).toBe('OSSTTMB2B-1');
    expect(await rig.letters()).toEqual([]);
  });
});

describe('a ticket with an issue that is merged into one with another issue', () => {
  beforeEach(async () => {
    await register(MERGED, '3ЛТП');
    await register(MAIN, '3ЛТП');
    say('42', { id: '4210', by: 'agent', text: 'Сказано до объединения' });
    await look(MERGED);
  });

  test('keeps it: the issue is told once and linked with the other one, and line 3 closes it', async () => {
    await merge();
    await look(MERGED, MAIN);

    expect([await issueOf(MERGED), await issueOf(MAIN)]).toEqual(['OSSTTMB2B-1', 'OSSTTMB2B-2']);
    expect(markersIn('10001').filter((marker) => marker?.startsWith('comment:note'))).toEqual([
      'comment:note:merged:43',
    ]);
    expect(wordsIn('10001')).toContain('работа идёт в задаче OSSTTMB2B-2');
    expect([...rig.jira.links]).toEqual([expect.stringContaining('Relates')]);
    expect(rig.jira.records.get('10001')?.phase).not.toBe('done');
  });

  test('has nothing carried to the other issue that its own has seen', async () => {
    await merge();

    expect(markersIn('10002').filter((marker) => marker?.startsWith('comment:jira:'))).toEqual([]);
  });

  test('has what its own issue has not seen carried to the other one', async () => {
    say('42', { id: '4211', by: 'requester', text: 'Сказано перед самым объединением' });
    await merge();

    expect(markersIn('10002')).toContain('comment:jira:4211');
    expect(markersIn('10001')).not.toContain('comment:jira:4211');
  });

  test('gets no comment of its issue any more', async () => {
    await merge();
    const before = rig.ticket('42').comments;
    rig.jira.change('10001', ({ comments }) => ({ comments: [...comments, aComment({ id: '7002' })] }));
    await look({ system: 'jira', id: '10001' });

    expect(rig.ticket('42').comments).toEqual(before);
  });

  test('has its issue closed where the mapping says so, with the resolution', async () => {
    const { policy } = rig.rules;
    const { merged } = policy.endings;
    const close = { status: 'Закрыто', resolution: 'Дубликат' };
    rig.rules.policy = {
      ...policy,
      endings: { ...policy.endings, merged: { ...merged, stays: { ...merged.stays, close } } },
    };
    await merge();

    expect(rig.jira.records.get('10001')).toMatchObject({ state: 'Закрыто', phase: 'done' });
    expect(rig.jira.records.get('10002')?.phase).not.toBe('done');
  });
});

describe('a ticket that is merged', () => {
  test('without an issue leaves its words to the issue of the main ticket', async () => {
    await register(MERGED, '2ЛТП');
    await register(MAIN, '3ЛТП');
    await merge();

    expect(markersIn('10001').filter((marker) => marker?.startsWith('comment:jira:'))).toEqual(['comment:jira:4200']);
    expect(rulesOf('42')).toContain('merged-ticket-rests');
  });

  test('into one that the bridge does not see keeps its issue, which is told', async () => {
    await register(MERGED, '3ЛТП');
    rig.otrs.put(aTicket({ ref: MAIN }));
    mergeIn(rig.otrs, '42', '43');
    const hidden = rig.ticket('43');
    rig.otrs.records.delete('43');
    await look(MERGED);
    await look(MERGED);

    expect(await issueOf(MERGED)).toBe('OSSTTMB2B-1');
    expect(wordsIn('10001').match(/нет доступа/g)).toHaveLength(1);

    rig.otrs.put(hidden);
    await look(MERGED);
    await look();
    expect(await issueOf(MAIN)).toBe('OSSTTMB2B-1');
  });

  test('counts for the main ticket even if the bridge has never seen it', async () => {
    rig.otrs.put(aTicket({ ref: MERGED }));
    await register(MAIN, '3ЛТП');
    mergeIn(rig.otrs, '42', '43');
    await look(MAIN);

    expect(await issueOf(MAIN)).toBe('OSSTTMB2B-1');
    expect(await rig.letters()).toEqual([]);
  });

  test('leaves its own notes behind: the same note about the main ticket is still written', async () => {
    await register(MAIN, '2ЛТП');
    rig.otrs.change('43', ({ comments }) => ({
      comments: [
        ...comments,
        aComment({ id: '4250', visibility: 'internal', marker: 'comment:note:issue-gone:10001', isMergedIn: true }),
      ],
      ticketQueue: 'NTTM::3ЛТП',
    }));
    await look(MAIN);
    rig.jira.records.delete('10001');
    await look({ system: 'jira', id: '10001' });

    const notes = rig.ticket('43').comments.filter(({ marker }) => marker === 'comment:note:issue-gone:10001');
    expect(notes).toHaveLength(2);
  });

  test('finds its issue again for the main ticket after the memory was lost', async () => {
    await register(MERGED, '3ЛТП');
    await register(MAIN, '2ЛТП');
    mergeIn(rig.otrs, '42', '43');
    rig.otrs.change('43', () => ({ ticketQueue: 'NTTM::3ЛТП' }));
    const after = await createBridgeRig({ otrs: rig.otrs, jira: rig.jira, clock: rig.clock });
    await after.tell(MAIN);
    await after.work();

    expect((await after.store.link(MAIN)).issue?.key).toBe('OSSTTMB2B-1');
    expect(after.issues()).toHaveLength(1);
    await after.stop();
  });
});

describe('a ticket with a linked ticket that is merged into another one', () => {
  const text = (id: string) => `Заявки обращения ${id} не уходят в хранилище`;
  const begin = (ref: typeof MERGED, fields: Snapshot['fields'] = {}) =>
    register(ref, '2ЛТП', {
      text: text(ref.id),
      comments: [aComment({ id: `${ref.id}00`, by: 'requester', text: text(ref.id) })],
      fields,
    });
  const linked = () => [...rig.otrs.records.values()].filter(({ fields }) => fields.parent_ticket !== undefined);
  const heard = (words: string) => linked().map(({ comments }) => comments.filter((each) => each.text.includes(words)));

  test('is followed by it, which hears what it has not heard and nothing twice', async () => {
    await begin(MERGED, { related_system: 'dwh' });
    await begin(MAIN);
    await merge();

    expect(linked()).toMatchObject([{ fields: { parent_ticket: expect.stringContaining(MAIN.key) } }]);
    expect(rig.ticket('43').fields.related_tickets).toContain(linked()[0]?.ref.key);
    expect(heard(text('42'))).toEqual([[]]);
    expect(heard(text('43'))).toMatchObject([[{ marker: 'comment:to-dwh:4300' }]]);
  });

  test('tells it where to write where the main ticket has one of its own there, once and its team alone', async () => {
    await begin(MERGED, { related_system: 'dwh' });
    await begin(MAIN, { related_system: 'dwh' });
    const [left, kept] = linked().map(({ ref }) => ref);
    await merge();
    await look(left ?? MERGED, MERGED);

    const notes = rig.ticket(left?.id ?? '').comments.filter(({ marker = '' }) => marker.includes('merged-linked'));
    expect(notes).toMatchObject([{ visibility: 'internal', text: expect.stringContaining(kept?.key ?? '') }]);
    expect(rig.ticket(kept?.id ?? '').comments.filter(({ marker = '' }) => marker.includes('merged-linked'))).toEqual(
      [],
    );
    expect((await rig.store.link(MAIN)).related).toMatchObject([{ ref: kept }]);
  });
});
