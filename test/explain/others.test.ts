import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { decide } from '../../src/domain/decide.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { explain } from '../../src/explain/explain.ts';
import { render } from '../../src/explain/render.ts';
import { aChild, CHILD, linkedFacts } from '../support/linked.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aComment, aLink, aTicket } from '../support/records.ts';
import { moment } from '../support/table-4.ts';

const at = (written: string) => DateTime.fromMillis(moment(written), { zone: 'utc' });

describe('linked tickets (R71)', () => {
  const seen = (facts: Facts) => explain(facts, shippedPolicy, at('24.11.26 12:00'));

  test.each<[string, Facts, string, RegExp]>([
    [
      'one that is worked on is told with number and state',
      linkedFacts(),
      'Its ticket for DWH, 2026112310000901, is «В работе» (R71).',
      /^ {2}open {6}R71 dwh \(DWH\): 2026112310000901 «В работе» http/mu,
    ],
    [
      'one that is closed is told as done',
      linkedFacts({}, { state: 'Закрыто', phase: 'done' }),
      'Its ticket for DWH, 2026112310000901, is done: «Закрыто» (R71).',
      /^ {2}done {6}R71 dwh/mu,
    ],
    [
      'one that the bridge cannot see is told as such',
      { ...linkedFacts(), related: [{ name: 'dwh', role: 'related', ref: CHILD, isGone: true }] },
      'Its ticket for DWH, 2026112310000901, is not shown to the bridge any more (R71).',
      /^ {2}not seen {2}R71 dwh/mu,
    ],
    [
      'one whose system is away is told by its number',
      { ...linkedFacts(), related: [{ name: 'dwh', role: 'related', ref: CHILD }] },
      'Its ticket for DWH is 2026112310000901, and could not be read now (R71).',
      /^ {2}not read {2}R71 dwh/mu,
    ],
    [
      'one that cannot be opened says what is missing, with its clause (R37)',
      linkedFacts({ fields: { related_system: ['dwh', 'eip'] } }),
      'Its ticket for ЕИП cannot be opened (R71): «Номер во внешней системе» (R37) is missing.',
      /^ {2}wanted {4}R71 eip \(ЕИП\): the agent chose ЕИП; missing: R37 «Номер во внешней системе»$/mu,
    ],
    [
      'a task says for which line it is (R65)',
      {
        ...linkedFacts(),
        related: [{ name: 'line-2', role: 'task', ref: CHILD, record: aChild({ state: 'Назначено' }) }],
      },
      'Its task for 2ЛТП, 2026112310000901, is «Назначено» (R65).',
      /^ {2}open {6}R65 line-2 \(2ЛТП\)/mu,
    ],
  ])('%s', (_, facts, sentence, line) => {
    const explanation = seen(facts);

    expect(explanation.summary).toContain(sentence);
    expect(render(explanation)).toMatch(line);
  });

  test('those to come are told with their ticket queue', () => {
    const { actions, summary } = seen({
      ticket: aTicket({ fields: { related_system: 'dwh' } }),
      link: aLink(),
    });

    expect(actions.map(({ what }) => what)).toContain(
      'open the ticket «dwh» in Смежные системы::DWH («Инцидент», «Не создаётся заявка в ЕИП»)',
    );
    expect(summary).toContain('Its ticket for DWH is not opened yet (R71).');
  });

  test('one that was refused is told with the answer, and not as if nothing were the matter', () => {
    const ticket = aTicket({ fields: { related_system: 'dwh' } });
    const [action] = decide({ ticket, link: aLink() }, shippedPolicy, at('24.11.26 12:00')).actions.filter(
      ({ key }) => key === 'open:related:dwh',
    );
    const refusal = { code: 'REFUSED', message: 'OTRS refused it: no such queue', at: at('24.11.26 11:59') };
    const refused = action === undefined ? {} : { [action.key]: { action, ...refusal } };
    const told = seen({ ticket, link: aLink({ refused }) });

    expect(told.refused).toMatchObject([{ key: 'open:related:dwh', code: 'REFUSED' }]);
    expect(told.summary).toContain(
      'Refused Tue 24.11.2026 11:59 (REFUSED; `bridge dead-letters` tells what to do): open the ticket «dwh» in Смежные системы::DWH («Инцидент», «Не создаётся заявка в ЕИП»). OTRS refused it: no such queue.',
    );
    expect(told.summary).not.toContainEqual(expect.stringMatching(/^Nothing is left/));
    // What nobody wants any more was refused once and is over.
    expect(seen({ ticket: aTicket(), link: aLink({ refused }) }).refused).toEqual([]);
  });

  test('such a ticket itself says for which it was opened, and has no terms of ours (R14)', () => {
    const explanation = seen({ ticket: aChild(), link: aLink() });

    expect(explanation.summary).toEqual([
      'It was opened for 2026112310000042 (В работе) and is carried together with that ticket (R71): its service is «DWH: Техническая поддержка».',
      'Nothing is left to do.',
    ]);
    expect(render(explanation)).not.toMatch(/^(Terms|Priority|Information)$/mu);
  });

  test('a ticket of another team says that the rules leave it alone (R14)', () => {
    expect(seen({ ticket: aChild({ fields: {} }), link: aLink() }).summary[0]).toBe(
      'The rules leave it alone (R14): its service is «DWH: Техническая поддержка».',
    );
  });

  test('a ticket that was closed wants none', () => {
    const ticket = aTicket({ state: 'Закрыто', phase: 'done', fields: { related_system: 'dwh' } });

    expect(seen({ ticket, link: aLink() }).linked).toEqual([]);
  });
});

describe('the approval of a request (R62)', () => {
  const request = (changes: Partial<Snapshot> = {}) => {
    const ticket = aTicket({
      text: 'ФИО: Смирнов Иван Петрович\nЛогин: smirnov\nРоль: диспетчер\nЭлектронная почта: smirnov@rt.ru',
      service: 'NTTM: Предоставление доступа к системе',
      requester: { name: 'Иван Смирнов', login: 'user.siberia', email: 'smirnov@rt.ru', branch: 'MRF-SIBERIA' },
      createdAt: at('24.11.26 10:00'),
      ...changes,
    });
    const fields = { information: 'complete', ...ticket.fields };
    return explain({ ticket: { ...ticket, fields }, link: aLink() }, shippedPolicy, at('24.11.26 12:00'));
  };
  const yes = aComment({
    id: '7',
    by: 'requester',
    author: 'Куратор',
    email: 'curator.siberia.2@example.test',
    text: 'Согласовано.',
    at: at('24.11.26 11:00'),
  });

  test.each<[string, Partial<Snapshot>, RegExp, RegExp]>([
    [
      'waits for those who have not answered, by step and clause (R4)',
      { fields: { approved_by: 'curator.siberia@example.test' }, comments: [yes] },
      /^Its approval waits since .* for [^,]+ \(R4, R62\)\.$/u,
      /^ {6}approved {2}.*\n {6}awaited {3}.* <curator\.siberia\.2@example\.test>\n {2}letter {4}article 7/mu,
    ],
    [
      'is there when all have approved',
      { fields: { approved_by: 'curator.siberia@example.test, curator.siberia.2@example.test' } },
      /^It is approved \(R62\)\.$/u,
      /^ {2}done {6}R4, R62 «Кураторы МРФ», all of those asked$/mu,
    ],
    [
      'tells why it was refused',
      { fields: { approval_refused: 'Нет оснований' } },
      /^Its approval was refused \(R62\): Нет оснований\.$/u,
      /^ {2}refused {3}R62 «Нет оснований»$/mu,
    ],
    [
      'tells that nobody is known who could approve',
      { requester: { name: 'Иван', login: 'i', email: 'i@rt.ru', branch: 'НЕИЗВЕСТНО' } },
      /^Nobody can approve it \(R62\)/u,
      /^ {2}unknown {3}R62$/mu,
    ],
  ])('%s', (_, changes, sentence, lines) => {
    const explanation = request(changes);

    expect(explanation.summary.filter((said) => sentence.test(said))).toHaveLength(1);
    expect(render(explanation)).toMatch(lines);
    expect(explanation.notes.filter(({ rule }) => /approval|letter/.test(rule))).toEqual([]);
  });

  test('is not told of a ticket that needs none', () => {
    expect(request({ service: 'NTTM: Техническая поддержка' }).approval).toBeUndefined();
  });
});
