import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BridgeError } from '../../src/errors.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig({ tellsDelays: true });
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
});

afterEach(() => rig.stop());

/** What the ticket says about its carrying. */
const notes = () =>
  rig
    .ticket('42')
    .comments.filter(({ marker }) => /^comment:note:(?:delayed|failed|mended)@/.test(marker ?? ''))
    .map(({ marker, visibility }) => `${marker?.split(/[:@]/)[2]} ${visibility}`);
const texts = () =>
  rig
    .ticket('42')
    .comments.map(({ text }) => text)
    .join('\n');
const opened = async () => {
  await rig.tell(TICKET);
  await rig.work();
};
const pass = async (minutes: number, step = 1) => {
  for (let passed = 0; passed < minutes; passed += step) {
    rig.clock.pass({ minutes: step });
    await rig.work();
  }
};
const says = async (text: string) => {
  rig.otrs.change('42', ({ comments }) => ({
    comments: [...comments, aComment({ id: String(500 + comments.length), by: 'agent', text, visibility: 'public' })],
  }));
  await rig.tell(TICKET);
  await rig.work();
};

describe('a ticket whose carrying waits', () => {
  test('says so once after half an hour, and once more when all is carried', async () => {
    await opened();
    rig.jira.turn('down');
    await says('Есть новости?');
    await pass(29);
    expect(notes()).toEqual([]);

    await pass(90);
    expect(notes()).toEqual(['delayed internal']);
    rig.jira.turn('up');
    await pass(5);
    expect(notes()).toEqual(['delayed internal', 'mended internal']);
    expect(
      rig
        .issues()[0]
        ?.comments.map(({ text }) => text)
        .join(),
    ).toContain('Есть новости?');
    await pass(60, 10);
    expect(notes()).toHaveLength(2);
  });

  test('says so also while it has no issue yet, and an outage that is over soon is not worth a word', async () => {
    rig.jira.turn('down');
    await opened();
    await pass(20);
    rig.jira.turn('up');
    await pass(20);
    expect(notes()).toEqual([]);
    expect(rig.issues()).toHaveLength(1);

    rig.jira.turn('down');
    await says('Ещё');
    await pass(40);
    expect(notes()).toEqual(['delayed internal']);
  });

  test('an outage that comes and goes is told once in hours', async () => {
    await opened();
    for (let time = 0; time < 4; time += 1) {
      rig.jira.turn('down');
      await says(`Сообщение ${time}`);
      await pass(35, 5);
      rig.jira.turn('up');
      await pass(5);
    }

    expect(notes()).toEqual(['delayed internal', 'mended internal']);
  });

  test('a failure so soon after that it is not told at once is told in time, though nothing else happens', async () => {
    await opened();
    rig.jira.turn('down');
    await says('Есть новости?');
    await pass(35, 5);
    rig.jira.turn('up');
    await pass(5);
    rig.jira.fail('comment 10001', 'refuse', 'refuse', 'refuse');
    await says('Ещё');
    expect(await rig.store.countLetters({ state: 'open' })).toBe(1);
    expect(notes()).toEqual(['delayed internal', 'mended internal']);

    await pass(300, 30);
    expect(notes()).toEqual(['delayed internal', 'mended internal', 'failed internal']);
  });

  test('nothing is written while OTRS itself is what is down, nor afterwards', async () => {
    await opened();
    await rig.tell(ISSUE);
    rig.otrs.turn('down');
    await rig.tell(TICKET);
    await pass(120, 5);
    rig.otrs.turn('up');
    await pass(30, 5);

    expect(notes()).toEqual([]);
  });

  test('a note whose answer is lost is written once', async () => {
    await opened();
    rig.jira.turn('down');
    await says('Есть новости?');
    rig.otrs.fail('comment', 'lose-the-answer', 'lose-the-answer');
    await pass(60, 2);

    expect(notes()).toEqual(['delayed internal']);
    rig.jira.turn('up');
    await pass(30, 2);
    expect(notes()).toEqual(['delayed internal', 'mended internal']);
  });

  test('a note that OTRS writes long after the call was given up is written once', async () => {
    await opened();
    const { otrs } = rig.desks;
    const lateWork: (() => Promise<unknown>)[] = [];
    rig.desks.otrs = {
      ...otrs,
      comment: async (...call) => {
        lateWork.push(() => otrs.comment(...call));
        throw new BridgeError('OUTCOME_UNKNOWN', 'no answer came');
      },
      find: async (...call) => {
        const found = await otrs.find(...call);
        return found.outcome === 'absent' ? { outcome: 'unclear', settleMs: 300_000 } : found;
      },
    };
    rig.jira.turn('down');
    await says('Есть новости?');
    await pass(34);
    expect(notes()).toEqual([]);

    await Promise.all(lateWork.map((work) => work()));
    await pass(10);
    expect(notes()).toEqual(['delayed internal']);
  });

  test.each([
    ['closed', { state: 'closed successful', phase: 'done' }],
    ['archived', { isArchived: true }],
  ] as const)('one that is %s says nothing', async (_, changes) => {
    await opened();
    rig.otrs.change('42', () => changes);
    await rig.tell(TICKET);
    await rig.work();
    rig.jira.turn('down');
    await rig.tell(TICKET);
    await pass(60, 5);

    expect(notes()).toEqual([]);
  });
});

describe('a ticket of which something could not be carried', () => {
  test('says what and with which code, in no words of the answer, and once more when it is mended', async () => {
    await opened();
    rig.jira.fail('comment', 'refuse');
    await says('Есть новости?');

    expect(notes()).toEqual(['failed internal']);
    expect(texts()).toContain('комментарий. Код: REFUSED');
    expect(texts()).not.toContain('refuses');
    rig.clock.pass({ minutes: 20 });
    await rig.tell(TICKET);
    await rig.work();
    expect(await rig.letters()).toMatchObject([{ state: 'resolved' }]);
    expect(notes()).toEqual(['failed internal', 'mended internal']);
  });

  test('says that it is over when a person has given up what could not be carried', async () => {
    await opened();
    rig.jira.fail('comment', 'refuse');
    await says('Есть новости?');
    for (const letter of await rig.store.deadLetters({ state: 'open', limit: 10 })) {
      await rig.store.discardLetter(letter, { who: 'petrova.2l', now: rig.clock.now(), reason: 'сказано по телефону' });
    }
    await rig.work();

    expect(notes()).toEqual(['failed internal', 'mended internal']);
    expect(texts()).toContain('снято администратором моста');
  });

  test('a second failure meanwhile is no second note', async () => {
    await opened();
    rig.jira.fail('comment', 'refuse', 'refuse');
    await says('Раз');
    await says('Два');

    expect(notes()).toEqual(['failed internal']);
  });

  test('where the note itself is refused, a letter says so, and nobody tries for ever', async () => {
    await opened();
    rig.jira.fail('comment', 'refuse');
    rig.otrs.fail('comment', 'refuse');
    await says('Есть новости?');
    const calls = rig.otrs.calls.length;
    await pass(10);

    expect(notes()).toEqual([]);
    expect((await rig.letters()).map(({ action }) => action?.key.split('@')[0])).toContain('comment:note:failed');
    expect(rig.otrs.calls.length - calls).toBeLessThan(3);
  });
});
