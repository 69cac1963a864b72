/** The installation that the sandbox plays: the project of a third support line, and one beside it. */

export interface Named {
  readonly id: string;
  /** In the language of the installation. */
  readonly name: string;
  /** For those who ask for English; absent where people made the name up. */
  readonly english?: string;
}

/** Names come in the language of the account unless a client forces another one. */
export type Language = 'russian' | 'english';

export function nameIn(language: Language, { name, english }: Named): string {
  return language === 'english' ? (english ?? name) : name;
}

export interface User {
  readonly name: string;
  readonly key: string;
  /** What Cloud knows the user by. */
  readonly accountId: string;
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

export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export const project: Project = { id: '10100', key: 'OSSTTMB2B', name: 'OSS TTM B2B' };

/** Where issues can be moved to. */
export const otherProject: Project = { id: '10200', key: 'ARCHB2B', name: 'Архив B2B' };

export const projects: readonly Project[] = [project, otherProject];

export const issueTypes: readonly Named[] = [
  { id: '10001', name: 'Дефект', english: 'Bug' },
  { id: '10002', name: 'Запрос на изменение', english: 'Change Request' },
];

export const priorities: readonly Named[] = [
  { id: '1', name: 'Критичный', english: 'Critical' },
  { id: '2', name: 'Высокий', english: 'High' },
  { id: '3', name: 'Средний', english: 'Medium' },
  { id: '4', name: 'Низкий', english: 'Low' },
];

export const resolutions: readonly Named[] = [
  { id: '10000', name: 'Исправлено', english: 'Fixed' },
  { id: '10001', name: 'Не будет исправлено', english: "Won't Fix" },
  { id: '10002', name: 'Дубликат', english: 'Duplicate' },
  { id: '10003', name: 'Не воспроизводится', english: 'Cannot Reproduce' },
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
  { id: '10000', name: 'Блокирует', english: 'Blocks', inward: 'блокируется', outward: 'блокирует' },
  { id: '10001', name: 'Дубликат', english: 'Duplicate', inward: 'дублируется', outward: 'дублирует' },
  { id: '10003', name: 'Связана', english: 'Relates', inward: 'связана с', outward: 'связана с' },
];

/** Values of the select list `customfield_10400`. */
export const channels: readonly Named[] = [
  { id: '10500', name: 'Телефон' },
  { id: '10501', name: 'Почта' },
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

export type Permission = (typeof permissions)[number];

function user(number: number, name: string, displayName: string, emailAddress: string): User {
  const [key, accountId] = [`JIRAUSER${number}`, `712020:00000000-0000-4000-8000-0000000${number}`];
  return { name, key, accountId, displayName, emailAddress, active: true, isAssignable: true };
}

/** The user with this name, whether active or not. */
export function findUser(name: unknown): User | undefined {
  return users.find((each) => each.name === name);
}

/** The entry with this id, or with this name in either language. */
export function findNamed<Entry extends Named>(
  list: readonly Entry[],
  wanted: { readonly id?: unknown; readonly name?: unknown },
): Entry | undefined {
  return list.find(({ id, name, english }) =>
    wanted.id === undefined ? name === wanted.name || english === wanted.name : id === String(wanted.id),
  );
}
