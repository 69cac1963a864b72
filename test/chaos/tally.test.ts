import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import type { Affair } from './people.ts';
import { tally } from './tally.ts';

/** What the bridge writes as, in either desk. */
const BRIDGE = { otrs: 'bridge', jira: 'svc_bridge' };

describe('the tally of a chaos run', () => {
  let otrs: SandboxOtrs;
  let jira: SandboxJira;
  let affair: Affair;
  let key: string;

  beforeEach(async () => {
    otrs = await startSandboxOtrs();
    jira = await startSandboxJira();
    const { id } = otrs.createTicket({ title: 'проба 1к', text: 'слово0к' });
    affair = { ticket: id, title: 'проба 1к', asked: ['слово0к', 'слово1к', 'слово2к'], answered: ['ответ0к'] };
    key = openIssue();
    otrs.setField(id, 'JiraKey', key);
  });

  afterEach(async () => {
    await Promise.all([otrs.stop(), jira.stop()]);
  });

  const openIssue = () => {
    const issue = jira.createIssue({ summary: 'проба 1к', description: 'слово0к', as: BRIDGE.jira });
    issue.remoteLinks.push({ id: 1, globalId: 'проба', content: {} });
    return issue.key;
  };
  const carryAsked = (...words: readonly string[]) =>
    words.map((word) => jira.comment(key, `Пишет: ${word}`, { as: BRIDGE.jira }));
  const answer = () => jira.comment(key, 'ответ0к');
  const carryAnswer = () => otrs.addArticle(affair.ticket, { text: 'Пишут: ответ0к', by: BRIDGE.otrs });
  const count = () => tally({ otrs, jira }, [affair]);

  test('finds nothing where everything arrived once and in its order', () => {
    answer();
    carryAsked('слово1к', 'слово2к');
    carryAnswer();
    expect(count()).toEqual({ events: 4, effects: 7, lost: [], doubled: [], disordered: [] });
  });

  test('names what is lost', () => {
    answer();
    carryAsked('слово2к');
    otrs.setField(affair.ticket, 'JiraKey', '');
    expect(count().lost).toEqual(['key of проба 1к', 'слово1к in JIRA', 'ответ0к in OTRS']);
  });

  test('names what is doubled, a whole issue too', () => {
    answer();
    carryAsked('слово1к', 'слово2к', 'слово2к');
    carryAnswer();
    openIssue();
    expect(count().doubled).toEqual(['issue of проба 1к', 'link to проба 1к', 'слово0к in JIRA', 'слово2к in JIRA']);
  });

  test('names what came back to where it was written', () => {
    answer();
    carryAsked('слово1к', 'слово2к', 'ответ0к');
    carryAnswer();
    otrs.addArticle(affair.ticket, { text: 'слово1к', by: BRIDGE.otrs });
    expect(count().doubled).toEqual(['слово1к came back', 'ответ0к came back']);
  });

  test('names what overtook an earlier word', () => {
    answer();
    carryAsked('слово2к', 'слово1к');
    carryAnswer();
    expect(count().disordered).toEqual(['слово2к']);
  });
});
