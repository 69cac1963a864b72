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
  /** False for people who have left: they keep their name on what they did and get nothing new. */
  readonly active: boolean;
  /** Whether issues of the project may be assigned to the user. */
  readonly isAssignable: boolean;
}

export interface LinkType extends Named {
  /** How the other issue reads from the target of a link, e.g. `is blocked by`. */
  readonly inward: string;
  /** How the other issue reads from the source of a link, e.g. `blocks`. */
  readonly outward: string;
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
  user(10100, account, 'Мост OTRS–JIRA', 'bridge@example.test'),
  user(10101, developer, 'Дмитрий Орлов', 'orlov@example.test'),
  user(10102, 'petrova.3l', 'Анна Петрова', 'petrova@example.test'),
  user(10103, 'sidorov.3l', 'Сергей Сидоров', 'sidorov@example.test'),
  { ...user(10104, 'ivanov.3l', 'Пётр Иванов', 'ivanov@example.test'), active: false },
  { ...user(10105, 'guest.l2', 'Ольга Наблюдатель', 'guest@example.test'), isAssignable: false },
];

export const linkTypes: readonly LinkType[] = [
  { id: '10000', name: 'Блокирует', inward: 'блокируется', outward: 'блокирует' },
  { id: '10001', name: 'Дубликат', inward: 'дублируется', outward: 'дублирует' },
  { id: '10003', name: 'Связана', inward: 'связана с', outward: 'связана с' },
];

export const permissions = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'TRANSITION_ISSUES',
  'ADD_COMMENTS',
  'LINK_ISSUES',
  'CREATE_ATTACHMENTS',
  'ASSIGN_ISSUES',
  'RESOLVE_ISSUES',
  'CLOSE_ISSUES',
] as const;

function user(number: number, name: string, displayName: string, emailAddress: string): User {
  return { name, key: `JIRAUSER${number}`, displayName, emailAddress, active: true, isAssignable: true };
}

/** The user with this name, whether active or not. */
export function findUser(name: unknown): User | undefined {
  return users.find((each) => each.name === name);
}

/** The entry with this id or name. */
export function findNamed<Entry extends Named>(
  list: readonly Entry[],
  wanted: { readonly id?: unknown; readonly name?: unknown },
): Entry | undefined {
  return list.find(({ id, name }) => (wanted.id === undefined ? name === wanted.name : id === String(wanted.id)));
}
