import { describe, expect, test } from '@jest/globals';
import { jiraOptions, kindOf } from '../../../connectors/jira/options.ts';

const good = { base_url: 'https://jira.example.test', token: 't', account: 'svc_bridge', projects: ['OSSTTMB2B'] };

describe('the configuration of JIRA', () => {
  test('has defaults for all but address, login, account and projects', () => {
    expect(jiraOptions.parse(good)).toMatchObject({
      fields: { solution: 'customfield_10200', configuration_item: 'components', fix_versions: 'fixVersions' },
      dialect: 'auto',
      label_prefix: 'otrs-',
      settle_seconds: 180,
      timeout_seconds: 20,
      concurrency: 4,
    });
  });

  test.each([
    ['no login at all', { token: undefined }, 'token'],
    ['a password without user name', { token: undefined, password: 'x' }, 'token'],
    ['both token and password', { login: 'a', password: 'b' }, 'token'],
    ['Cloud without e-mail address', { dialect: 'cloud' }, 'dialect'],
    ['Cloud without token', { dialect: 'cloud', email: 'a@b.test', token: undefined }, 'dialect'],
    ['Data Center with an e-mail address', { dialect: 'datacenter', email: 'a@b.test' }, 'email'],
    ['an e-mail address with a password', { email: 'a@b.test', token: undefined, login: 'a', password: 'b' }, 'email'],
    ['an e-mail address without token', { email: 'a@b.test', token: undefined }, 'email'],
    ['an e-mail address that is none', { email: 'svc_bridge' }, 'email'],
    ['an unknown dialect', { dialect: 'server' }, 'dialect'],
    ['an address without protocol', { base_url: 'jira.example.test' }, 'base_url'],
    ['no project', { projects: [] }, 'projects'],
    ['a project name instead of its key', { projects: ['OSS TTM'] }, 'projects.0'],
    ['a misspelt option', { tokenn: 'x' }, ''],
    ['a label prefix with a space', { label_prefix: 'otrs ' }, 'label_prefix'],
    ['an unknown kind of field', { field_kinds: { customfield_1: 'colour' } }, 'field_kinds.customfield_1'],
  ])('%s is a fault at %s', (_, change, path) => {
    const result = jiraOptions.safeParse({ ...good, ...change });

    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  test.each([
    ['components', {}, 'names'],
    ['customfield_10300', {}, 'wiki'],
    ['customfield_10300', { customfield_10300: 'option' }, 'option'],
  ] as const)('field %s with %j is of kind %s', (id, field_kinds, kind) => {
    expect(kindOf(id, { field_kinds })).toBe(kind);
  });
});
