import { describe, expect, test } from '@jest/globals';
import { options } from '../../../connectors/otrs/options.ts';

const least = { base_url: 'https://desk.example.test/otrs', login: 'bridge', password: 'x' };

describe('options of the OTRS connector', () => {
  test('address, login and password are enough', () => {
    expect(options.parse(least)).toMatchObject({
      web_service: 'otrs-jira-bridge',
      time_zone: 'UTC',
      dynamic_fields: { issue_key: 'JiraKey' },
      transport: 'rest',
      operations: { ticket_update: { method: 'PATCH', route: '/Ticket/:TicketID', name: 'TicketUpdate' } },
    });
  });

  test('what the bridge can do without may be switched off', () => {
    const { operations } = options.parse({ ...least, operations: { ticket_history: false, session_get: false } });

    expect(operations).toMatchObject({ ticket_history: false, session_get: false });
  });

  test('a user id may be written as number or text', () => {
    expect(options.parse({ ...least, user_id: 12 }).user_id).toBe('12');
    expect(options.parse({ ...least, user_id: '12' }).user_id).toBe('12');
  });

  test.each<[string, object, string]>([
    ['an address that is none', { base_url: 'desk' }, 'base_url'],
    ['an address of another kind', { base_url: 'ftp://desk.example.test' }, 'base_url'],
    ['a password in the address', { base_url: 'https://bridge:x@desk.example.test/otrs' }, 'base_url'],
    ['a time zone by offset', { time_zone: 'MSK+3' }, 'time_zone'],
    ['a logical name in capitals', { dynamic_fields: { IssueKey: 'JiraKey' } }, 'dynamic_fields.IssueKey'],
    ['a field name that OTRS cannot have', { dynamic_fields: { issue_key: 'Jira Key' } }, 'dynamic_fields.issue_key'],
    ['a phase that the bridge does not know', { phases: { closed: 'closed' } }, 'phases.closed'],
    ['a route without its slash', { operations: { ticket_get: { route: 'Ticket' } } }, 'operations.ticket_get.route'],
    ['a transport that OTRS has not', { transport: 'graphql' }, 'transport'],
    ['an address instead of a path', { interface_path: 'https://desk.example.test/x.pl' }, 'interface_path'],
    ['an element that XML cannot have', { operations: { ticket_get: { name: '<x>' } } }, 'operations.ticket_get.name'],
    ['a namespace that would need escapes', { soap_namespace: 'urn:a&b' }, 'soap_namespace'],
    ['no operation that tickets are read by', { operations: { ticket_get: false } }, 'operations.ticket_get'],
    ['an operation that is none', { operations: { ticket_delete: {} } }, 'operations'],
    ['an option that is none', { webservice: 'x' }, ''],
    ['no time at all', { timeout_seconds: 0 }, 'timeout_seconds'],
  ])('%s is refused where it stands', (_, change, path) => {
    const { error } = options.safeParse({ ...least, ...change });

    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
