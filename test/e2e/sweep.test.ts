import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const TICKETS = 50;

beforeAll(async () => {
  rig = await startRig();
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const issuesFor = (number: string) =>
  rig.jira.issues().filter(({ values }) => values.labels.includes(`otrs-${number}`));

test('fifty tickets that changed while the bridge was away are brought up to date by the sweep, each once', async () => {
  await rig.otrs.sendHooksTo(undefined);
  await rig.stopBridge();
  const petrova = rig.otrs.people.agent('petrova.2l');
  const opened: { readonly id: string; readonly number: string; readonly index: number }[] = [];
  for (let index = 1; index <= TICKETS; index += 1) {
    const ticket = await petrova.open({
      queue: 'NTTM::2ЛТП',
      customer: 'user.volga',
      title: `Мост был остановлен ${index}`,
      body: 'Шаги: открыть инцидент.\nОжидаю: заявка создана.\nПолучаю: ошибка 500.',
      type: 'Инцидент',
      service: 'NTTM: Техническая поддержка',
      priority: '3 Средний',
    });
    await petrova.move(ticket.id, 'NTTM::3ЛТП');
    if (index % 2 === 0) {
      await petrova.write(ticket.id, { subject: 'Ещё', body: `Повторяется ${index}.`, public: true });
    }
    opened.push({ ...ticket, index });
  }

  await rig.startBridge();
  await reached(
    'every ticket has its issue',
    () => opened.every(({ number }) => issuesFor(number).length > 0),
    240_000,
  );
  await reached('nothing is due', async () => (await rig.app().store.backlog(DateTime.now())).due === 0, 240_000);

  const found = opened.map(({ number, index }) => {
    const [issue, ...others] = issuesFor(number);
    return {
      index,
      others: others.length,
      comments: issue?.comments.map(({ body }) => body.includes(`Повторяется ${index}.`)),
    };
  });
  expect(found).toEqual(opened.map(({ index }) => ({ index, others: 0, comments: index % 2 === 0 ? [true] : [] })));

  await rig.app().sweepNow();
  const state = await rig.app().store.beginSweep('otrs', 1, DateTime.now().plus({ minutes: 1 }));
  expect(Math.abs(state?.since?.diff(DateTime.now()).as('seconds') ?? 9_999)).toBeLessThan(30);
}, 900_000);
