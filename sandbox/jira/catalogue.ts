/** The installation that the sandbox plays: one project of a third support line. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly name: string;
  readonly key: string;
  readonly displayName: string;
  readonly emailAddress: string;
}

export const project = { id: '10100', key: 'OSSTTMB2B', name: 'OSS TTM B2B' } as const;

export const issueTypes: readonly Named[] = [
  { id: '10001', name: 'Дефект' },
  { id: '10002', name: 'Запрос на изменение' },
];

export const priorities: readonly Named[] = [
  { id: '1', name: 'Критичный' },
  { id: '2', name: 'Высокий' },
  { id: '3', name: 'Средний' },
  { id: '4', name: 'Низкий' },
];

export const resolutions: readonly Named[] = [
  { id: '10000', name: 'Исправлено' },
  { id: '10001', name: 'Не будет исправлено' },
  { id: '10002', name: 'Дубликат' },
  { id: '10003', name: 'Не воспроизводится' },
  { id: '10004', name: 'Консультация' },
];

export const components: readonly Named[] = ['BPM движок', 'БД', 'Сервер приложений', 'Интерфейс', 'Интеграция'].map(
  (name, index) => ({ id: String(10300 + index), name }),
);

/** Versions of the product: what an issue is fixed in, and whether people have it already. */
export const versions: readonly (Named & { readonly released: boolean })[] = [
  { id: '10400', name: '4.2', released: true },
  { id: '10401', name: '4.3', released: false },
];

/** Project roles that a comment can be restricted to. */
export const roles: readonly Named[] = [
  { id: '10002', name: 'Administrators' },
  { id: '10001', name: 'Developers' },
];

export const account = 'svc_bridge';
export const developer = 'developer.3l';

export const users: readonly User[] = [
  { name: account, key: 'JIRAUSER10100', displayName: 'Мост OTRS–JIRA', emailAddress: 'bridge@example.test' },
  { name: developer, key: 'JIRAUSER10101', displayName: 'Дмитрий Орлов', emailAddress: 'orlov@example.test' },
];

export const permissions = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'TRANSITION_ISSUES',
  'ADD_COMMENTS',
  'LINK_ISSUES',
  'CREATE_ATTACHMENTS',
  'RESOLVE_ISSUES',
  'CLOSE_ISSUES',
] as const;

/** The entry with this id or name. */
export function findNamed(list: readonly Named[], wanted: { id?: unknown; name?: unknown }): Named | undefined {
  return list.find(({ id, name }) => (wanted.id === undefined ? name === wanted.name : id === String(wanted.id)));
}
