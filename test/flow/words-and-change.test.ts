import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/domain/decide.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };
const LETTER = 'comment:letter:closing';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

/** Requesters of support are told the solution, too. */
const { letter } = quietPolicy.closure;
const policy: Policy = {
  ...quietPolicy,
  closure: {
    ...quietPolicy.closure,
    ...(letter === undefined ? {} : { letter: { ...letter, services: [aTicket().service ?? ''] } }),
  },
};

/** A ticket whose issue is in work. */
beforeEach(async () => {
  rig = await createBridgeRig({ policy });
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await look();
  rig.jira.change('10001', () => ({ state: 'В работе', phase: 'open' }));
  await look(ISSUE);
  expect(rig.ticket('42').state).toBe('В работе');
  rig.otrs.calls.length = 0;
});

afterEach(() => rig.stop());

async function look(ref: typeof TICKET | typeof ISSUE = TICKET): Promise<void> {
  await rig.tell(ref);
  await rig.work();
}

async function resolve(): Promise<void> {
  rig.jira.change('10001', () => ({
    state: 'Решено',
    phase: 'done',
    resolution: 'Исправлено',
    fields: { solution: 'Исправлен адрес шлюза.', configuration_item: ['Интеграция'] },
  }));
  await look(ISSUE);
}

/** After every wait that a failure can cause. */
async function later(): Promise<void> {
  rig.clock.pass({ minutes: 20 });
  await look();
}

const writes = () => rig.otrs.calls.filter((call) => !/^(?:read|find)/.test(call));
const lettersIn = () => rig.ticket('42').comments.filter(({ marker }) => marker === LETTER);
const block = { closure_code: 'fixed', solution: 'Исправлен адрес шлюза.', configuration_item: 'integration' };

describe('a letter about the closing', () => {
  test('goes with the closing in one call, and both are written down', async () => {
    await resolve();

    expect(writes()).toEqual([`comment 42 ${LETTER} and move`]);
    expect(rig.ticket('42')).toMatchObject({ state: 'Закрыто', fields: block });
    expect(lettersIn()).toHaveLength(1);
    const trail = await rig.store.auditTrail(TICKET);
    expect(trail.slice(-3).map(({ what, detail }) => [what, detail.key])).toEqual([
      ['move', 'move:ticket'],
      ['comment', LETTER],
      ['relate', 'relate:issue:origin'],
    ]);
    const rules = trail
      .slice(-3, -1)
      .map(({ detail }) => (detail.because as { rule: string }[]).map(({ rule }) => rule));
    expect(rules).toEqual([
      ['ticket-shows-its-issue', 'issue-is-done-and-the-closing-block-is-filled'],
      ['requester-is-told-the-solution'],
    ]);

    await look();
    await look(ISSUE);
    expect(writes()).toHaveLength(1);
  });

  test('is not sent while the closing is refused, whatever the reason of the refusal was at first', async () => {
    rig.otrs.fail('move', 'refuse', 'refuse', 'refuse', 'refuse');
    await resolve();
    await later();

    expect(lettersIn()).toEqual([]);
    expect(rig.ticket('42').state).toBe('В работе');
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toMatchObject([
      { action: { key: 'move:ticket' } },
    ]);

    await later();
    await later();
    expect(rig.ticket('42')).toMatchObject({ state: 'Закрыто', fields: block });
    expect(lettersIn()).toHaveLength(1);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('that is refused does not keep the ticket open, and follows when it is taken', async () => {
    rig.otrs.fail('comment', 'refuse', 'refuse');
    await resolve();

    expect(writes()).toEqual([`comment 42 ${LETTER} and move`, 'move 42 Закрыто', `comment 42 ${LETTER}`]);
    expect(rig.ticket('42')).toMatchObject({ state: 'Закрыто', fields: block });
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toMatchObject([{ action: { key: LETTER } }]);

    await later();
    expect(lettersIn()).toHaveLength(1);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('that was refused together with the closing is no dead letter where both pass alone', async () => {
    rig.otrs.fail('comment', 'refuse');
    await resolve();

    expect(rig.ticket('42').state).toBe('Закрыто');
    expect(lettersIn()).toHaveLength(1);
    expect(await rig.letters()).toEqual([]);
  });

  test.each(['lose-the-answer', 'lose-the-answer-and-the-fields'] as const)(
    'is sent once and the closing block is whole although its call ends with «%s»',
    async (fault) => {
      rig.otrs.fail('comment', fault);
      await resolve();
      await later();

      expect(lettersIn()).toHaveLength(1);
      expect(rig.ticket('42')).toMatchObject({ state: 'Закрыто', fields: block });
      await later();
      expect(writes().filter((call) => call.startsWith('comment'))).toHaveLength(1);
      expect(await rig.letters()).toEqual([]);
    },
  );

  test('is not sent again while the closing block that its call left out cannot be set', async () => {
    rig.otrs.fail('comment', 'lose-the-answer-and-the-fields');
    rig.otrs.fail('update', 'outage');
    await resolve();
    await later();
    await later();

    expect(lettersIn()).toHaveLength(1);
    expect(rig.ticket('42')).toMatchObject({ state: 'Закрыто', fields: block });
  });

  test('holds up nothing else for ever where the block that its call left out can never be set', async () => {
    rig.otrs.fail('comment', 'lose-the-answer-and-the-fields');
    rig.otrs.fail('update', ...Array.from({ length: 10 }, () => 'lose-the-answer-and-the-fields' as const));
    await resolve();
    for (let turn = 0; turn < 8; turn += 1) {
      await later();
    }

    expect(lettersIn()).toHaveLength(1);
    expect(await rig.store.doubtful(TICKET)).toEqual([]);
    expect(await rig.letters()).toContainEqual(
      expect.objectContaining({
        code: 'ATTEMPTS_EXHAUSTED',
        state: 'open',
        action: expect.objectContaining({ key: 'update:rest:move:ticket' }),
      }),
    );
  });

  test.each(['outage', 'rate-limit'] as const)('comes with the closing in the end after «%s»', async (fault) => {
    rig.otrs.fail('comment', fault);
    await resolve();
    expect(rig.ticket('42').state).toBe('В работе');
    await later();

    expect(writes().at(-1)).toBe(`comment 42 ${LETTER} and move`);
    expect(lettersIn()).toHaveLength(1);
  });
});

describe('a closing without a letter', () => {
  beforeEach(() => {
    rig.rules.policy = quietPolicy;
  });

  test('has its whole block although its call broke off behind the state (R54)', async () => {
    rig.otrs.fail('move', 'lose-the-answer-and-the-fields');
    await resolve();
    await later();

    expect(rig.ticket('42')).toMatchObject({ state: 'Закрыто', fields: block });
    expect(await rig.store.doubtful(TICKET)).toEqual([]);
    expect(await rig.letters()).toEqual([]);
  });

  test('leaves a dead letter where the block can never be set', async () => {
    rig.otrs.fail('move', 'lose-the-answer-and-the-fields');
    rig.otrs.fail('update', ...Array.from({ length: 5 }, () => 'lose-the-answer-and-the-fields' as const));
    await resolve();
    for (let turn = 0; turn < 8; turn += 1) {
      await later();
    }

    expect(await rig.letters()).toContainEqual(
      expect.objectContaining({
        code: 'ATTEMPTS_EXHAUSTED',
        state: 'open',
        action: expect.objectContaining({ key: 'update:rest:move:ticket' }),
      }),
    );
    expect(await rig.store.doubtful(TICKET)).toEqual([]);
  });
});

describe('words of line 3', () => {
  const say = (...texts: readonly string[]) =>
    rig.jira.change('10001', () => ({
      state: 'Ожидает информации',
      comments: texts.map((text, index) => aComment({ id: String(500 + index), text })),
    }));

  test('take the state of the ticket along, the last of them, and their order stays', async () => {
    say('Раз', 'Два');
    await look(ISSUE);

    expect(writes()).toEqual(['comment 42 comment:otrs:500', 'comment 42 comment:otrs:501 and move']);
    expect(rig.ticket('42').state).toBe('Ожидание информации');
  });

  test('come through although the state is refused', async () => {
    rig.otrs.fail('move', 'refuse', 'refuse', 'refuse');
    say('Раз', 'Два');
    await look(ISSUE);

    expect(
      rig
        .ticket('42')
        .comments.slice(-2)
        .map(({ marker }) => marker),
    ).toEqual(['comment:otrs:500', 'comment:otrs:501']);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toMatchObject([
      { action: { key: 'move:ticket' } },
    ]);
  });
});

describe('a call that nobody wants any more', () => {
  test('leaves no row behind: an edit whose answer was lost and that another one has overtaken', async () => {
    rig.otrs.change('42', ({ comments }) => ({ comments: [...comments, aComment({ id: '130', text: 'Было' })] }));
    await look();
    const edited = (minutes: number, text: string) =>
      rig.otrs.change('42', ({ comments }) => ({
        comments: comments.map((each) =>
          each.id === '130' ? { ...each, text, editedAt: rig.clock.now().plus({ minutes }) } : each,
        ),
      }));
    edited(0, 'Стало');
    rig.jira.fail('edit', 'lose-the-answer');
    await look();
    expect(await rig.store.doubtful(TICKET)).toHaveLength(1);

    edited(1, 'Стало ещё раз');
    await later();

    expect(rig.issues()[0]?.comments.at(-1)?.text).toContain('Стало ещё раз');
    expect(await rig.store.doubtful(TICKET)).toEqual([]);
  });
});
