import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { judgeService } from '../../src/domain/scope.ts';
import type { HistoryEntry } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;

const reasonsOf = (changes: Parameters<typeof aTicket>[0]) =>
  judgeService({ ticket: aTicket(changes), link: aLink() }, policy.scope).because;

const support = 'NTTM: Техническая поддержка';
const access = 'NTTM: Предоставление доступа к системе';
const accessProblem = 'NTTM: Решение проблем с доступом';

/** A ticket of another system's support that was one of ours an hour ago. */
const movedAway: readonly HistoryEntry[] = [
  {
    at: NOW.minus({ hours: 1 }),
    by: '21',
    what: 'ServiceUpdate',
    detail: '',
    changes: [{ property: 'service', from: support, to: 'DWH: Техническая поддержка' }],
  },
];

describe('R14 «Предусмотрены следующие виды обращений»', () => {
  test.each([
    [support, 'support'],
    [access, 'access'],
    [accessProblem, 'access_problem'],
  ])('the service «%s» is of the kind %s', (service, kind) => {
    expect(policy.scope.services.find((rule) => rule.service === service)?.kind).toBe(kind);
  });

  test('a ticket that never had a service of ours is not ours', () => {
    const ticket = aTicket({ service: 'DWH: Техническая поддержка' });

    expect(decide({ ticket, link: aLink() }, policy, NOW)).toMatchObject({
      actions: [],
      because: [{ rule: 'not-our-service', clause: 'R14', evidence: 'service is «DWH: Техническая поддержка»' }],
    });
  });
});

test('R6 «используется внутренний портал технической поддержки»: tickets live in OTRS, and only issues are opened', () => {
  const ticket = aTicket({ ticketQueue: 'NTTM::3ЛТП' });
  const opened = [decide({ ticket, link: aLink() }, policy, NOW), decide(agreedFacts(), policy, NOW)]
    .flatMap(({ actions }) => actions)
    .filter((action) => action.do === 'open');

  expect(opened).toMatchObject([{ system: 'jira', role: 'issue' }]);
});

describe('R15 «Обращение в OTRS будет отнесено к типу»', () => {
  test.each([
    [support, 'Инцидент'],
    [support, 'инцидент '],
    [accessProblem, 'Инцидент'],
    [access, 'Запрос на обслуживание'],
  ])('a ticket of «%s» with the type «%s» is as it should be', (service, type) => {
    expect(reasonsOf({ service, type })).toEqual([]);
  });

  test.each([
    [support, 'Запрос на обслуживание', 'Инцидент'],
    [accessProblem, 'Запрос на обслуживание', 'Инцидент'],
    [access, 'Инцидент', 'Запрос на обслуживание'],
    [support, 'Unclassified', 'Инцидент'],
  ])('a ticket of «%s» with the type «%s» is flagged, for it should be «%s»', (service, type, right) => {
    expect(reasonsOf({ service, type })).toEqual([
      {
        rule: 'type-differs-from-service',
        clause: 'R15',
        evidence: `type is «${type}», tickets of «${service}» are «${right}»`,
      },
    ]);
  });

  test('an empty type is flagged in words', () => {
    expect(reasonsOf({ type: '' })[0]?.evidence).toMatch(/^type is empty, /);
  });

  test('the type is never set by the bridge, and nobody is told of a closed ticket', () => {
    const wrong = { type: 'Запрос на обслуживание' };

    expect(decide({ ticket: aTicket(wrong), link: aLink() }, policy, NOW).actions).toEqual([]);
    expect(reasonsOf({ ...wrong, state: 'Закрыто', phase: 'done' })).toEqual([]);
  });
});

describe('R43 «возвращаются на 1ЛТП для изменения услуги/сервиса и передачи на верную группу»', () => {
  const left = { service: 'DWH: Техническая поддержка', history: movedAway };

  test('a ticket that went to a foreign service is let go, and the reason names both services', () => {
    expect(decide({ ticket: aTicket(left), link: aLink() }, policy, NOW)).toMatchObject({
      actions: [],
      because: [
        {
          rule: 'left-our-services',
          clause: 'R43',
          evidence: `service is «DWH: Техническая поддержка», it was «${support}» before`,
        },
      ],
    });
  });

  test('the reason names the issue that was opened for it', () => {
    const { because } = decide(agreedFacts(left), policy, NOW);

    expect(because.find(({ rule }) => rule === 'left-our-services')?.evidence).toMatch(
      /OSSTTMB2B-1 was opened for it$/,
    );
  });

  test('a ticket that came back to our services is ours again', () => {
    expect(reasonsOf({ history: movedAway })).toEqual([]);
  });
});

test('R43: a ticket that went to another team is neither moved nor closed nor written to, whatever its issue does', () => {
  const { ticket, issue, link } = agreedFacts(
    { service: 'ЕИП: Техническая поддержка', fields: { solution: 'Исправлен шлюз обмена.', configuration_item: 'db' } },
    { state: 'Решено', phase: 'done', resolution: 'Исправлено', comments: [aComment({ id: '9' })] },
  );
  const facts = { ticket, link, ...(issue === undefined ? {} : { issue }) };

  expect(decide(facts, policy, NOW).actions.filter(({ do: what }) => what === 'move' || what === 'comment')).toEqual(
    [],
  );
});
