import type { DateTime } from 'luxon';
import { type Project, project } from './catalogue.ts';
import type { FileContent } from './file-content.ts';
import { noIssue } from './refusal.ts';

export interface Visibility {
  readonly type: 'role' | 'group';
  readonly value: string;
}

export interface Comment {
  readonly id: string;
  readonly author: string;
  updateAuthor: string;
  body: string;
  readonly created: DateTime;
  updated: DateTime;
  visibility: Visibility | undefined;
  readonly properties: Map<string, unknown>;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly author: string;
  readonly created: DateTime;
  readonly content: FileContent;
}

/** `source` blocks `target`, for example; by issue id. */
export interface IssueLink {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly target: string;
}

export interface RemoteLink {
  readonly id: number;
  readonly globalId: string | undefined;
  content: Readonly<Record<string, unknown>>;
}

/** Plain values by field id: names for what has a name, texts as they are stored. */
export interface Values {
  readonly summary: string;
  readonly description: string | null;
  readonly priority: string;
  readonly labels: readonly string[];
  readonly components: readonly string[];
  readonly fixVersions: readonly string[];
  readonly customfield_10200: string | null;
  readonly customfield_10300: string | null;
  readonly duedate: string | null;
  readonly assignee: string | null;
  readonly environment: string | null;
  readonly customfield_10400: string | null;
  readonly customfield_10500: string | null;
  readonly customfield_10600: string | null;
  readonly customfield_10700: string | null;
  readonly resolution: string | null;
}

export interface Issue {
  readonly id: string;
  key: string;
  /** Keys that it had before it was moved; they still lead to it. */
  readonly formerKeys: string[];
  project: Project;
  readonly type: string;
  readonly reporter: string;
  readonly created: DateTime;
  updated: DateTime;
  status: string;
  values: Values;
  readonly comments: Comment[];
  readonly attachments: Attachment[];
  readonly remoteLinks: RemoteLink[];
  readonly properties: Map<string, unknown>;
  /** Hidden by a security level from everyone but the project's people. */
  isHidden: boolean;
  /** What a write to an archived issue is answered with; such an issue can be read and is in no search. */
  archived: 400 | 403 | undefined;
}

/** What the search index knows of an issue, which may be behind the database. */
export interface Indexed {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly status: string;
  readonly resolution: string | null;
  readonly type: string;
  readonly labels: readonly string[];
  /** Texts that can be searched, by field id. */
  readonly texts: Readonly<Record<string, string | null>>;
  readonly created: DateTime;
  readonly updated: DateTime;
}

export interface State {
  readonly now: () => DateTime;
  nextId(): number;
  add(issue: Omit<Issue, 'id' | 'key' | 'formerKeys' | 'project' | 'isHidden' | 'archived'>): Issue;
  /** To another project, where it gets another key. */
  move(issue: Issue, target: Project): void;
  remove(issue: Issue): void;
  /** By id or key. Throws `Refusal` 404. */
  get(idOrKey: string): Issue;
  all(): readonly Issue[];
  /** Links between issues, in the order in which they were made. */
  readonly links: IssueLink[];
  /** Marks the issue as changed now and hands it to the index. */
  touch(issue: Issue): void;
  index(): readonly Indexed[];
  setIndexLag(milliseconds: number): void;
}

/** The database and the search index of the sandbox, in memory. */
export function createState(now: () => DateTime, indexLagMs: number): State {
  const issues = new Map<string, Issue>();
  const indexed = new Map<string, Indexed>();
  const waiting: { readonly at: number; readonly entry: Indexed }[] = [];
  const numbers = new Map<string, number>();
  const links: IssueLink[] = [];
  let counter = 10_000;
  let lag = indexLagMs;

  const index = (issue: Issue) => {
    waiting.push({ at: now().toMillis(), entry: entryOf(issue) });
  };

  const nextKey = ({ key }: Project): string => {
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    return `${key}-${number}`;
  };

  return {
    now,
    nextId: () => counter++,
    add: (content) => {
      const issue = {
        ...content,
        id: String(counter++),
        key: nextKey(project),
        formerKeys: [],
        project,
        isHidden: false,
        archived: undefined,
      };
      issues.set(issue.id, issue);
      index(issue);
      return issue;
    },
    move: (issue, target) => {
      issue.formerKeys.push(issue.key);
      issue.key = nextKey(target);
      issue.project = target;
    },
    remove: ({ id }) => {
      issues.delete(id);
      indexed.delete(id);
      for (const link of links.filter(({ source, target }) => source === id || target === id)) {
        links.splice(links.indexOf(link), 1);
      }
    },
    get: (idOrKey) => {
      const issue =
        issues.get(idOrKey) ??
        [...issues.values()].find(({ key, formerKeys }) => key === idOrKey || formerKeys.includes(idOrKey));
      if (issue === undefined) {
        throw noIssue();
      }

      return issue;
    },
    all: () => [...issues.values()],
    links,
    touch: (issue) => {
      issue.updated = now();
      index(issue);
    },
    index: () => {
      const visible = now().toMillis() - lag;
      for (let next = waiting[0]; next !== undefined && next.at <= visible; next = waiting[0]) {
        indexed.set(next.entry.id, next.entry);
        waiting.shift();
      }
      return [...indexed.values()].filter(({ id }) => isSearchable(issues.get(id)));
    },
    setIndexLag: (milliseconds) => {
      lag = milliseconds;
    },
  };
}

function isSearchable(issue: Issue | undefined): boolean {
  return issue !== undefined && !issue.isHidden && issue.archived === undefined;
}

function entryOf({ id, key, project: { key: home }, status, type, values, created, updated }: Issue): Indexed {
  const { summary, customfield_10500, customfield_10600, labels, resolution } = values;
  const texts = { summary, customfield_10500, customfield_10600 };
  return { id, key, project: home, status, type, labels, resolution, texts, created, updated };
}
