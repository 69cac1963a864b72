import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Action } from '../../src/domain/action.ts';
import { decide, type Policy } from '../../src/domain/decide.ts';
import { evolve, evolveRefused } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import {
  aHistory,
  answers,
  clockAt,
  dueOf,
  foreign,
  notes,
  queue,
  type Step,
  service,
  state,
  stoodOf,
  support,
  works,
} from '../support/history.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, agreedFacts, aLink, anIssue } from '../support/records.ts';
import { moment } from '../support/table-4.ts';

const registered = '23.11.26 10:00';
const handedOver: Step = ['23.11.26 10:20', works, queue('NTTM::3ЛТП'), state('Передано на 3ЛТП')];
const left: Step = ['23.11.26 11:00', queue('NTTM::1ЛТП'), notes('Возврат', 'Отчёты ведёт DWH.'), service(foreign)];
const cameBack: Step = ['23.11.26 12:00', service(support), queue('NTTM::2ЛТП')];
const leftAgain: Step = ['23.11.26 13:00', service(foreign)];
const LEAVING = 'comment:misrouted:2026-11-23T08:00:00Z';
const BACK = 'comment:misrouted:back:2026-11-23T09:00:00Z';
const agreed = { issueState: 'В работе/', issuePhase: 'open', ticketState: 'Передано на 3ЛТП' } as const;

const at = (text: string) => DateTime.fromMillis(moment(text));

/** A ticket with this history whose issue line 3 works on, and what both sides agreed on before. */
function factsOf(steps: readonly Step[], issue: Partial<Snapshot> = {}, link: Partial<Facts['link']> = {}): Facts {
  const facts = agreedFacts({}, { state: 'В работе', phase: 'open', ...issue }, { agreed, ...link });
  const ticket = aHistory(registered, {}, ...steps);
  const { fields } = facts.ticket;
  return {
    ...facts,
    ticket: {
      ...ticket,
      ref: facts.ticket.ref,
      fields: { ...ticket.fields, ...fields, issue_status: facts.issue?.state ?? '' },
    },
  };
}

/** What the bridge does until nothing is left; JIRA refuses what `refuses` says. */
function settle(
  start: Facts,
  now: string,
  policy: Policy = quietPolicy,
  refuses: (action: Action) => boolean = () => false,
): { readonly end: Facts; readonly performed: readonly Action[] } {
  let end = start;
  const performed: Action[] = [];
  for (;;) {
    const decision = decide(end, policy, at(now));
    const [action] = decision.actions;
    if (action === undefined || performed.length > 12) {
      return { end: { ...end, link: { ...end.link, agreed: decision.agreed } }, performed };
    }
    if (refuses(action)) {
      end = evolveRefused(end, action, { code: 'REFUSED', message: '', details: {} }, at(now));
    } else {
      performed.push(action);
      end = evolve(end, action, { system: 'any', id: String(900 + performed.length) }, at(now));
    }
  }
}

/** The same ticket later, with all that the bridge remembers and wrote; the issue as JIRA shows it then. */
function later({ link, issue, ticket }: Facts, steps: readonly Step[], shown: Partial<Snapshot> = {}): Facts {
  const next = factsOf(steps);
  const fields = { ...next.ticket.fields, issue_status: ticket.fields.issue_status ?? '' };
  return { link, ticket: { ...next.ticket, fields }, issue: { ...(issue ?? anIssue()), ...shown } };
}

const keysOf = (actions: readonly Action[]) => actions.map(({ key }) => key);
const rulesOf = (facts: Facts, now: string) => decide(facts, quietPolicy, at(now)).because.map(({ rule }) => rule);
const closed = { state: 'Закрыто', phase: 'done', resolution: 'Не будет исправлено' } as const;

describe('R43 «возвращаются на 1ЛТП для изменения услуги/сервиса»: the issue of a ticket that left', () => {
  test('is told where the ticket went and closed as misrouted, before anything else is shown', () => {
    const { performed, end } = settle(factsOf([handedOver, left]), '23.11.26 11:05');

    expect(performed.slice(0, 2)).toMatchObject([
      { do: 'comment', key: LEAVING, ref: { system: 'jira' }, comment: { visibility: 'public' } },
      { do: 'move', key: 'move:issue', to: 'Закрыто', phase: 'done', fields: { resolution: 'Не будет исправлено' } },
    ]);
    expect(performed[0]?.do === 'comment' && performed[0].comment.text).toContain(
      'на услугу «DWH: Техническая поддержка»',
    );
    expect(keysOf(performed).slice(2)).toEqual(['update:ticket:reference']);
    expect(settle(end, '23.11.26 11:10').performed).toEqual([]);
  });

  test('no internal word of the return goes into it', () => {
    const texts = settle(factsOf([handedOver, left]), '23.11.26 11:05').performed.flatMap((action) =>
      action.do === 'comment' ? [action.comment.text] : [],
    );

    expect(texts.join()).not.toContain('Отчёты ведёт DWH');
  });

  test('stays as it is where line 3 ended it already, and the decision says so', () => {
    const facts = factsOf([handedOver, left], { state: 'Решено', phase: 'done', resolution: 'Исправлено' });

    expect(settle(facts, '23.11.26 11:05').performed).toEqual([]);
    expect(rulesOf(facts, '23.11.26 11:05')).toContain('line-3-ended-the-issue');
  });

  test('stays open where somebody opened it again after the bridge had closed it', () => {
    const { end } = settle(factsOf([handedOver, left]), '23.11.26 11:05');
    const reopened = later(end, [handedOver, left], { state: 'В работе', phase: 'open' });

    expect(keysOf(settle(reopened, '23.11.26 11:30').performed)).not.toContain('move:issue');
    expect(rulesOf(reopened, '23.11.26 11:30')).toContain('misrouted-issue-was-opened-again');
  });

  test('is closed once although the answer to the call was lost', () => {
    const shown = factsOf([handedOver, left], { ...closed, comments: [aComment({ marker: LEAVING })] });
    const { performed, end } = settle(shown, '23.11.26 11:05');

    expect(keysOf(performed)).not.toContain('move:issue');
    expect(end.link.agreed.misrouted).toBeDefined();
  });

  test('goes by way of the statuses that the workflow demands', () => {
    const paths = [{ to: 'Закрыто', from: ['В работе'], through: ['Решено'] }];
    const { misrouted } = quietPolicy.assignments;
    const stepwise = {
      ...quietPolicy,
      assignments: { ...quietPolicy.assignments, ...(misrouted && { misrouted: { ...misrouted, paths } }) },
    };

    expect(settle(factsOf([handedOver, left]), '23.11.26 11:05', stepwise).performed).toContainEqual(
      expect.objectContaining({ to: 'Закрыто', via: ['Решено'] }),
    );
  });

  test('is left to people where the mapping says nothing of it', () => {
    const { misrouted: _, ...assignments } = quietPolicy.assignments;

    expect(settle(factsOf([handedOver, left]), '23.11.26 11:05', { ...quietPolicy, assignments }).performed).toEqual(
      [],
    );
  });

  test('that is gone is not written to', () => {
    const { issue: _, ...gone } = factsOf([handedOver, left]);

    expect(settle({ ...gone, isIssueGone: true }, '23.11.26 11:05').performed).toEqual([]);
  });

  test('a refused move is a letter of its own and rests; nothing else waits for it', () => {
    const refuses = (action: Action) => action.do === 'move';
    const { performed, end } = settle(factsOf([handedOver, left]), '23.11.26 11:05', quietPolicy, refuses);

    expect(keysOf(performed)).toEqual([LEAVING]);
    expect(keysOf(settle(end, '23.11.26 11:10').performed)).toEqual([]);
    expect(keysOf(settle(end, '23.11.26 11:30').performed)).toContain('move:issue');
  });

  test('another of our services is no leaving: the issue stays at work', () => {
    const other: Step = ['23.11.26 11:00', service('NTTM: Решение проблем с доступом')];

    expect(keysOf(settle(factsOf([handedOver, other]), '23.11.26 11:05').performed)).not.toContain('move:issue');
  });
});

describe('R43: a ticket that comes back', () => {
  const away = () => settle(factsOf([handedOver, left]), '23.11.26 11:05').end;
  const back = (shown: Partial<Snapshot> = {}) => later(away(), [handedOver, left, cameBack], { ...closed, ...shown });

  test('goes on with its clock from the old T0, without the time away', () => {
    const ticket = (...steps: readonly Step[]) => aHistory(registered, { priority: 1 }, ...steps);
    const clock = clockAt(ticket(handedOver, left, cameBack), { now: '23.11.26 12:05' });

    expect(stoodOf(clock)).toEqual(['elsewhere 23.11.26 11:00 – 23.11.26 12:00']);
    expect(dueOf(clock)[3]).toBe('23.11.26 15:00');
    expect(clock.completed?.at).toBe(moment(registered));
  });

  test('brings its issue back to work, tells line 3, and does not close because the issue is done', () => {
    const { performed, end } = settle(back(), '23.11.26 12:05');

    expect(performed.slice(0, 2)).toMatchObject([
      { do: 'comment', key: BACK, ref: { system: 'jira' } },
      { do: 'move', key: 'move:issue', to: 'В работе', phase: 'open', fields: {} },
    ]);
    expect(keysOf(performed)).not.toContain('move:ticket');
    expect(end.link.agreed.misrouted).toBeUndefined();
    expect(settle(end, '23.11.26 12:10').performed).toEqual([]);
  });

  test('does so after a lost memory too: the bridge’s own comment in the issue tells', () => {
    const shown = { ...closed, comments: [aComment({ marker: LEAVING })] };
    const { performed } = settle(factsOf([handedOver, left, cameBack], shown, { agreed: {} }), '23.11.26 12:05');

    expect(keysOf(performed)).toContain('move:issue');
    expect(keysOf(performed)).not.toContain('move:ticket');
  });

  test('has a note where JIRA does not let the issue out of its end, and stays at work itself', () => {
    const refuses = (action: Action) => action.do === 'move';
    const { performed, end } = settle(back(), '23.11.26 12:05', quietPolicy, refuses);

    expect(performed).toContainEqual(
      expect.objectContaining({
        key: 'comment:note:misrouted:2026-11-23T09:00:00Z',
        ref: expect.objectContaining({ system: 'otrs' }),
      }),
    );
    expect(settle(end, '23.11.26 12:06', quietPolicy, refuses).performed).toEqual([]);
  });

  test('has only the note where the mapping leaves the issue closed', () => {
    const { misrouted } = quietPolicy.assignments;
    if (misrouted === undefined) {
      throw new Error('the shipped mappings close no issues');
    }
    const { issueStatus: _, ...only } = misrouted.back;
    const policy = {
      ...quietPolicy,
      assignments: { ...quietPolicy.assignments, misrouted: { ...misrouted, back: only } },
    };
    const { performed, end } = settle(back(), '23.11.26 12:05', policy);

    expect(keysOf(performed).filter((key) => !key.startsWith('update:'))).toEqual([
      'comment:note:misrouted:2026-11-23T09:00:00Z',
    ]);
    expect(settle(end, '23.11.26 12:10', policy).performed).toEqual([]);
  });

  test('whose issue line 3 ended meanwhile goes through the closing gate, for that is news to it', () => {
    const fixed = {
      state: 'Решено',
      phase: 'done',
      resolution: 'Исправлено',
      fields: { solution: 'Исправлен шлюз обмена.', configuration_item: ['Интеграция'] },
    } as const;
    const ended = settle(factsOf([handedOver, left], fixed), '23.11.26 11:05').end;
    const { performed } = settle(later(ended, [handedOver, left, cameBack]), '23.11.26 12:05');

    expect(keysOf(performed)).not.toContain('move:issue');
    expect(performed).toContainEqual(expect.objectContaining({ key: 'move:ticket', to: 'Закрыто' }));
  });

  test('whose issue somebody opened again meanwhile just goes on', () => {
    const { performed, end } = settle(back({ state: 'В работе', phase: 'open' }), '23.11.26 12:05');

    expect(keysOf(performed)).not.toContain('move:issue');
    expect(end.link.agreed.misrouted).toBeUndefined();
  });

  test('closed is left closed, and so is its issue', () => {
    const facts = back();
    const over = { ...facts, ticket: { ...facts.ticket, state: 'Закрыто', phase: 'done' } } as const;

    expect(keysOf(settle(over, '23.11.26 12:05').performed)).not.toContain('move:issue');
  });

  test('leaves again: the issue is closed once more and told once more', () => {
    const returned = settle(back(), '23.11.26 12:05').end;
    const { performed } = settle(later(returned, [handedOver, left, cameBack, leftAgain]), '23.11.26 13:05');

    expect(keysOf(performed).slice(0, 2)).toEqual(['comment:misrouted:2026-11-23T10:00:00Z', 'move:issue']);
  });

  test('what the requester wrote meanwhile is carried', () => {
    const steps: readonly Step[] = [handedOver, left, ['23.11.26 11:30', answers], cameBack];
    const { performed } = settle(later(away(), steps, closed), '23.11.26 12:05');

    expect(keysOf(performed)).toContain('comment:jira:102');
  });
});

describe('R43: the service of ours becomes another of ours', () => {
  const access = 'NTTM: Предоставление доступа к системе';
  const ticket = (...steps: readonly Step[]) => ({
    ...aHistory(registered, {}, ...steps),
    type: 'Инцидент',
    ticketQueue: 'NTTM::2ЛТП',
  });

  test('the rules run for the new one: its type, its priority, its list of information, its escalation', () => {
    const before = decide({ ticket: ticket(), link: aLink() }, quietPolicy, at('23.11.26 10:30'));
    const changed = decide(
      { ticket: ticket(['23.11.26 10:20', service(access)]), link: aLink() },
      quietPolicy,
      at('23.11.26 10:30'),
    );
    const ruleOf = ({ because }: typeof before, rule: RegExp) => because.find((reason) => rule.test(reason.rule));

    expect(ruleOf(before, /^type-differs/)).toBeUndefined();
    expect(ruleOf(changed, /^type-differs/)?.evidence).toContain('Запрос на обслуживание');
    expect(ruleOf(changed, /^information-is/)?.evidence).not.toBe(ruleOf(before, /^information-is/)?.evidence);
  });

  test('a critical ticket that becomes one of technical support is escalated by its rule', () => {
    const critical = {
      ...aHistory(registered, { priority: 1, service: access }, ['23.11.26 10:20', service(support)]),
      type: 'Инцидент',
    };
    const opened = (facts: Facts) =>
      decide(facts, quietPolicy, at('23.11.26 10:30')).actions.filter((action) => action.do === 'open');

    expect(opened({ ticket: critical, link: aLink() })).toHaveLength(1);
    expect(opened({ ticket: { ...critical, service: access }, link: aLink() })).toHaveLength(0);
  });

  test('T0 stays for the user, although the new service asks for more', () => {
    const { clock } = decide(
      { ticket: ticket(['23.11.26 10:20', service(access)]), link: aLink() },
      quietPolicy,
      at('23.11.26 10:30'),
    );

    expect(clock.completed?.at).toBe(moment(registered));
  });

  test('what was incomplete when it left does not become complete by leaving', () => {
    const vague = { ...ticket(left), title: 'Не работает', text: 'Помогите.' };
    const returned = { ...ticket(left, cameBack), title: 'Не работает', text: 'Помогите.' };

    expect(decide({ ticket: vague, link: aLink() }, quietPolicy, at('23.11.26 11:30')).clock.completed).toBeUndefined();
    expect(
      decide({ ticket: returned, link: aLink() }, quietPolicy, at('23.11.26 12:30')).clock.completed,
    ).toBeUndefined();
  });
});
