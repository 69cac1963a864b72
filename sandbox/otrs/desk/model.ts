import type { DateTime } from 'luxon';
import { type FileContent, generatedContent } from '../../jira/file-content.ts';
import type { Agent, Customer } from '../world.ts';

export type FieldValue = string | number | null;

export interface SandboxArticle {
  readonly id: number;
  readonly subject: string;
  /** Plain, whatever came in. */
  readonly body: string;
  readonly html?: string;
  readonly from: string;
  readonly to: string;
  readonly channel: Channel;
  readonly charset: string;
  readonly senderType: SenderType;
  readonly isVisibleForCustomer: boolean;
  readonly createdBy: number;
  readonly createdAt: DateTime;
  /** When it went over into another ticket. */
  readonly changed?: { readonly by: number; readonly at: DateTime };
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly attachments: readonly SandboxFile[];
}

export type Channel = 'Email' | 'Phone' | 'Internal';
export type SenderType = 'agent' | 'customer' | 'system';

export interface SandboxFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: FileContent;
}

/** A file as people attach it; one that tells only its size is made while it is read. */
export type NewFile = Omit<SandboxFile, 'content'> & ({ readonly size: number } | { readonly content: FileContent });

export interface SandboxHistoryEntry {
  /** In the order of time over all tickets. */
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly by: number;
  readonly at: DateTime;
  readonly articleId: number;
  /** The ticket as it was after the change. */
  readonly then: Pick<SandboxTicket, 'ticketQueue' | 'state' | 'priority' | 'type'> & { readonly owner: number };
}

export interface SandboxTicket {
  readonly id: number;
  readonly number: string;
  title: string;
  ticketQueue: string;
  state: string;
  priority: string;
  type: string;
  service: string;
  owner: Agent;
  responsible: Agent;
  lock: 'lock' | 'unlock';
  customer: Customer | undefined;
  readonly createdAt: DateTime;
  readonly createdBy: number;
  changedAt: DateTime;
  changedBy: number;
  pendingUntil: DateTime | undefined;
  /** Since when nobody has worked on the locked ticket; 0 if it never was locked. */
  unlockTimeout: number;
  isArchived: boolean;
  readonly fields: Record<string, FieldValue>;
  articles: SandboxArticle[];
  history: SandboxHistoryEntry[];
}

/**
 * What OTRS tells its invokers when an act has ended. `by` is known to them only through conditions: the author of an
 * article, and whoever changed the ticket last, which may be OTRS itself.
 */
export interface SandboxEvent {
  readonly name: string;
  readonly ticket: SandboxTicket;
  readonly by: number;
  /** A number only where the ticket has been made in the same act. */
  readonly ticketId: string | number;
  readonly articleId?: number;
  /** What only this kind of event tells, e.g. `{ MainTicketID: '7' }`. */
  readonly more?: Readonly<Record<string, string | number | null>>;
}

export interface NewTicket {
  readonly title: string;
  readonly text: string;
  readonly ticketQueue?: string;
  readonly state?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly service?: string;
  /** Login of a customer, who writes on the portal, or of an agent, who takes the words of `customer` down. */
  readonly by?: string;
  /** Login of the requester; a ticket of an agent has none unless this is given. */
  readonly customer?: string;
  /** What comes with the first letter. */
  readonly attachments?: readonly NewFile[];
}

export interface NewArticle {
  readonly text: string;
  readonly subject?: string;
  readonly visibility?: 'public' | 'internal';
  readonly by?: string;
  readonly attachments?: readonly NewFile[];
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly historyType?: string;
  readonly historyComment?: string;
  readonly senderType?: SenderType;
  readonly channel?: Channel;
  readonly charset?: string;
  readonly html?: string;
  readonly from?: string;
  readonly to?: string;
  /** Writes no entry about a mail to the owner, as `NoAgentNotify` does. */
  readonly isQuiet?: boolean;
}

export function toFile(file: NewFile): SandboxFile {
  const { name, contentType } = file;
  return { name, contentType, content: 'content' in file ? file.content : generatedContent(file.size) };
}
