import { contentOf } from '../jira/file-content.ts';
import type { NewFile, SandboxTicket } from '../otrs/desk/model.ts';
import type { Scene } from './scene.ts';

const PATIENCE_MS = 30_000;
/** What is due later than this waits for a deadline, not for the bridge. */
const AT_REST_MS = 15_000;

/** Key of the issue of a ticket, once the ticket shows it. */
export async function issueOf(scene: Scene, id: string): Promise<string> {
  const { fields } = scene.otrs.ticket(id);
  await reached(scene, 'the ticket carries the key of its issue', () => (fields.JiraKey ?? '') !== '');
  return String(fields.JiraKey);
}

/** Waits until the ticket is closed with these fields. */
export async function closed(scene: Scene, id: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await reached(scene, 'the ticket is closed', () => scene.otrs.ticket(id).state === 'Закрыто');
  for (const [name, value] of Object.entries(fields)) {
    expectThat(`${name} is «${value}»`, scene.otrs.ticket(id).fields[name] === value);
  }
}

/** Waits for what the bridge does by itself, and until it has come to rest. */
export async function reached({ app }: Scene, what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo() || ((await app.store.nextDue())?.toMillis() ?? end) < Date.now() + AT_REST_MS) {
    if (Date.now() > end) {
      throw new Error(`not reached in ${PATIENCE_MS / 1000} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function expectThat(what: string, isSo: boolean): void {
  if (!isSo) {
    throw new Error(`not so: ${what}`);
  }
}

export function hasArticle(ticket: Readonly<SandboxTicket>, words: string): boolean {
  return ticket.articles.some(({ body }) => body.includes(words));
}

export function hasFile({ jira }: Scene, key: string, name: string): boolean {
  return jira.issue(key).attachments.some((file) => file.name === name);
}

export function textFile(name: string, text: string): NewFile {
  return { name, contentType: 'text/plain', content: contentOf(Buffer.from(text)) };
}

export function hasComment({ jira }: Scene, key: string, words: string): boolean {
  return jira.issue(key).comments.some(({ body }) => body.includes(words));
}
