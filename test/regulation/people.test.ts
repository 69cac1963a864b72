import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { branchOf, isEmployeeAddress, judgeBranch } from '../../src/domain/people.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { faultsWith, policyWith } from '../support/changed-mappings.ts';
import { quietPolicy } from '../support/policy.ts';
import { aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;
const { people } = policy;

const from = (branch?: string): Partial<Snapshot> => ({
  requester: { name: 'Инициатор', ...(branch === undefined ? {} : { branch }) },
});
const decideFor = (changes: Partial<Snapshot>) => decide({ ticket: aTicket(changes), link: aLink() }, policy, NOW);
const reasonsOf = (changes: Partial<Snapshot>) =>
  judgeBranch({ ticket: aTicket(changes), link: aLink() }, people).because;

describe('R1 «OTRS МРФ — Регистрация Обращений»', () => {
  test.each([
    ['MRF-VOLGA', 'МРФ «Волга»'],
    ['mrf-volga ', 'МРФ «Волга»'],
    ['MRF-SIBERIA', 'МРФ «Сибирь»'],
  ])('a requester of the company «%s» belongs to %s', (company, name) => {
    expect(branchOf(aTicket(from(company)), people.branches)?.name).toBe(name);
  });

  test.each([
    ['a company that the mapping lacks', from('MRF-MARS'), "the requester's company is «MRF-MARS»"],
    ['no company', from(), 'the requester has no company'],
  ])('a ticket with %s gives a reason and is worked on all the same', (_what, changes, evidence) => {
    expect(reasonsOf(changes)).toEqual([
      { rule: 'branch-is-not-known', clause: 'R1', evidence: `${evidence}; known are MRF-VOLGA, MRF-SIBERIA` },
    ]);
    expect(decideFor({ ...changes, ticketQueue: 'NTTM::3ЛТП' }).actions).toMatchObject([{ do: 'open' }]);
  });
});

describe('R2 «Принимает звонки пользователей и создает от их имени обращения»', () => {
  test('the issue names the one who asks and his branch, not the agent who registered the ticket', () => {
    const { actions } = decideFor({ ticketQueue: 'NTTM::3ЛТП', owner: 'petrova.2l' });

    expect(actions).toMatchObject([{ draft: { text: expect.stringContaining('Инициатор: Анна Кузнецова') } }]);
    expect(actions).toMatchObject([{ draft: { text: expect.stringContaining('МРФ: МРФ «Волга»\n') } }]);
    expect(JSON.stringify(actions)).not.toContain('petrova');
  });

  test('a branch that nobody knows is shown as OTRS calls the company', () => {
    const { actions } = decideFor({ ...from('MRF-MARS'), ticketQueue: 'NTTM::3ЛТП' });

    expect(actions).toMatchObject([{ draft: { text: expect.stringContaining('МРФ: MRF-MARS\n') } }]);
  });
});

describe('R4 «Список кураторов от МРФ по Системе указан в Приложении 1»', () => {
  test('a text can name the curators', async () => {
    const changed = await policyWith({
      file: 'escalation.yaml',
      from: 'МРФ: {branch.name}',
      to: 'Кураторы: {branch.curators}',
    });
    const textFor = (changes: Partial<Snapshot>) =>
      JSON.stringify(
        decide({ ticket: aTicket({ ...changes, ticketQueue: 'NTTM::3ЛТП' }), link: aLink() }, changed, NOW).actions,
      );

    expect(textFor(from('MRF-SIBERIA'))).toContain(
      'Кураторы: Куратор МРФ «Сибирь» <curator.siberia@example.test>, Второй куратор МРФ «Сибирь» <curator.siberia.2@example.test>',
    );
    expect(textFor(from('MRF-MARS'))).toContain('Кураторы: —');
  });

  const volga = '      - { name: "Куратор МРФ «Волга»", email: curator.volga@example.test }';

  test.each([
    ['a branch without a curator', `    curators:\n${volga}`, '    curators: []', /branches\[0\]\.curators: .*curator/],
    ['a branch without the list', `    curators:\n${volga}`, '', /branches\[0\].*curators/],
    ['an address that is none', 'curator.volga@example.test', 'curator.volga', /curators\[0\]\.email: .*e-mail/],
    ['an address with a name', 'curator.volga@example.test', '"Куратор <c@rt.ru>"', /curators\[0\]\.email: .*e-mail/],
    ['a curator without a name', '"Куратор МРФ «Волга»", ', '" ", ', /curators\[0\]\.name/],
    [
      'a company of two branches',
      '[MRF-SIBERIA]',
      '[MRF-SIBERIA, mrf-volga]',
      /companies\[1\]: the company «mrf-volga»/,
    ],
    ['two branches of one name', '"МРФ «Сибирь»"', '"мрф «волга»"', /branches\[1\]\.name: the branch «мрф «волга»»/],
    ['a zone that is none', 'Asia/Novosibirsk', 'Сибирь', /branches\[1\]\.zone: .*time zone/],
    ['a head without an address', ', email: head.line3@example.test', '', /heads\.line_3.*email/],
    [
      'a login of two people',
      'people: []',
      'people: [{ agent: a, user: b }, { agent: A, user: c }]',
      /people\[1\]\.agent: the login «A» already stands further up/,
    ],
    [
      'a user of JIRA for two people',
      'people: []',
      'people: [{ agent: a, user: c }, { agent: b, user: c }]',
      /people\[1\]\.user: the user «c» already stands further up/,
    ],
    ['a domain with @', '[rt.ru]', '["@rt.ru"]', /employees\.domains\[0\]/],
  ])('%s is a fault with its line', async (_what, was, becomes, fault) => {
    const faults = await faultsWith({ file: 'people.yaml', from: was, to: becomes });

    expect(faults).toMatch(fault);
    expect(faults).toMatch(/people\.yaml:\d+:\d+/);
  });

  test('people of both systems are known under both names', async () => {
    const row = 'people: [{ agent: agent.2l, user: user-2l }]';
    const changed = await policyWith({ file: 'people.yaml', from: 'people: []', to: row });

    expect(changed.people.accounts).toEqual([{ agent: 'agent.2l', user: 'user-2l' }]);
  });
});

describe('R8 «Обращения принимаются только от сотрудников ПАО «Ростелеком»»', () => {
  test.each([
    ['ivanov@rt.ru', true],
    ['Ivanov@RT.RU', true],
    [' ivanov@volga.rt.ru ', true],
    ['ivanov@rt.ru.', true],
    ['ivanov@rt.ru.example.test', false],
    ['ivanov@smart.ru', false],
    ['ivanov@notrt.ru', false],
    ['"a@rt.ru"@example.test', false],
    ['ivanov@rt.ru@example.test', false],
    ['Иванов <ivanov@rt.ru>', false],
    ['ivanov', false],
    ['', false],
  ])('%j: an employee — %s', (address, expected) => {
    expect(isEmployeeAddress(address, people.employees)).toBe(expected);
  });

  test('sub-domains count only where the reading says so', () => {
    const employees = { ...people.employees, subdomains: 'excluded' } as const;

    expect(isEmployeeAddress('ivanov@volga.rt.ru', employees)).toBe(false);
    expect(isEmployeeAddress('ivanov@rt.ru', employees)).toBe(true);
  });
});

describe('R32 «Мониторинг по разрешению обращений осуществляет Куратор МРФ»', () => {
  test('the reason names the curators of the branch', () => {
    expect(reasonsOf(from('MRF-SIBERIA'))).toEqual([
      {
        rule: 'curator-watches-the-ticket',
        clause: 'R32',
        evidence: 'company «MRF-SIBERIA» belongs to МРФ «Сибирь»: Куратор МРФ «Сибирь», Второй куратор МРФ «Сибирь»',
      },
    ]);
  });

  test('nobody watches a closed ticket', () => {
    expect(reasonsOf({ ...from('MRF-SIBERIA'), state: 'Закрыто', phase: 'done' })).toEqual([]);
  });
});

test('R33 «мониторинг осуществляет руководитель соответствующей группы ТП (2ЛТП и 3ЛТП)»: both lines have a head', () => {
  expect(people.heads).toMatchObject({
    line2: { name: 'Руководитель 2ЛТП', email: 'head.line2@example.test' },
    line3: { name: 'Руководитель 3ЛТП', email: 'head.line3@example.test' },
  });
});
