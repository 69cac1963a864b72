import { z } from 'zod';
import { documentOf, faultOfDocument, lengthOfDocument, textOfDocument } from './adf.ts';
import { type User, users } from './catalogue.ts';
import { fieldRefusal } from './refusal.ts';

export type DialectName = 'datacenter' | 'cloud';

/** How the two products write the same things. Inside, the sandbox keeps texts as text and users by name. */
export interface Dialect {
  readonly name: DialectName;
  /** Version of the REST interface. */
  readonly version: 2 | 3;
  /** A rendered text, as an answer shows it. */
  writeText(text: string | null): unknown;
  /** The text that a request sent; null for an empty one. Throws `Refusal` 400 that names the field. */
  readText(sent: unknown, field: string): unknown;
  writeUser(user: User, isSelf: boolean): Readonly<Record<string, unknown>>;
  /** The query of a user's own address. */
  addressOf(user: User): string;
  /** `{ name }` of the user that a request names; what is no such reference comes back as it was. */
  readUser(sent: unknown): unknown;
}

/** Fields whose texts are rendered. */
const renderedFields = ['description', 'environment', 'customfield_10200'];

/** Fields of a request in the form that the sandbox keeps. */
export function readFields(dialect: Dialect, sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sent).map(([id, value]) => [
      id,
      renderedFields.includes(id) ? dialect.readText(value, id) : id === 'assignee' ? dialect.readUser(value) : value,
    ]),
  );
}

const LONGEST_TEXT = 32_767;

function demandLength(length: number, field: string): void {
  if (length > LONGEST_TEXT) {
    const fault = `The entered text is too long. It exceeds the allowed limit of ${LONGEST_TEXT} characters.`;
    throw fieldRefusal({ [field]: fault });
  }
}

export const dataCenter: Dialect = {
  name: 'datacenter',
  version: 2,
  writeText: (text) => text,
  readText: (sent, field) => {
    demandLength(typeof sent === 'string' ? sent.length : 0, field);
    return sent;
  },
  writeUser: ({ name, key, displayName, emailAddress, active }) => ({ name, key, displayName, emailAddress, active }),
  addressOf: ({ name }) => `username=${name}`,
  readUser: (sent) => sent,
};

const accountReference = z.strictObject({ accountId: z.string() });

/** Texts are documents, users are account ids, and e-mail addresses are hidden from everyone else. */
export function createCloudDialect(): Dialect {
  // A document comes back as it was sent, although only its text is kept.
  const documents = new Map<string, unknown>();
  return {
    name: 'cloud',
    version: 3,
    writeText: (text) => (text === null ? null : (documents.get(text) ?? documentOf(text))),
    readText: (sent, field) => {
      if (sent === null) {
        return null;
      }

      const fault = faultOfDocument(sent);
      if (fault !== undefined) {
        throw fieldRefusal({ [field]: fault });
      }

      demandLength(lengthOfDocument(sent), field);
      const text = textOfDocument(sent);
      documents.set(text, sent);
      return text;
    },
    writeUser: ({ accountId, displayName, emailAddress, active }, isSelf) => ({
      accountId,
      accountType: 'atlassian',
      displayName,
      active,
      ...(isSelf ? { emailAddress } : {}),
    }),
    addressOf: ({ accountId }) => `accountId=${accountId}`,
    readUser: (sent) => {
      if (sent === null) {
        return null;
      }

      const { data } = accountReference.safeParse(sent);
      return { name: users.find(({ accountId }) => accountId === data?.accountId)?.name ?? data?.accountId };
    },
  };
}
