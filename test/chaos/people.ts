import { setTimeout as sleep } from 'node:timers/promises';
import type { Issue } from '../../sandbox/jira/state.ts';
import type { World } from './world.ts';

/** A ticket that somebody registered, and what was written about it since, in order. */
export interface Affair {
  readonly ticket: string;
  /** Stands in the title of the ticket, and so in the summary of its issue. */
  readonly title: string;
  /** In OTRS, by the requester; the first one is the text of the ticket. */
  readonly asked: string[];
  /** In JIRA, by the developer. */
  readonly answered: string[];
}

const TICKETS = 10;
const WORDS_PER_TICKET = 6;
/** Within which everything is written. */
const SPAN_MS = 7_000;

/** Issues that were opened for it; there has to be one. */
export function issuesOf({ jira }: Pick<World, 'jira'>, { title }: Affair): readonly Issue[] {
  return jira.issues().filter(({ values }) => values.summary.includes(title));
}

/**
 * People register tickets that go to line 3 at once and write on both sides, whatever else happens. Every word is one of
 * its kind (`слово3к7`), so that it can be found again wherever it was carried.
 */
export async function writeTickets(world: World, name: string): Promise<readonly Affair[]> {
  const { random, otrs, jira } = world;
  const affairs: Affair[] = [];
  const begun = Date.now();
  const acts = TICKETS * (WORDS_PER_TICKET + 1);

  const register = () => {
    const number = affairs.length + 1;
    const title = `${name} ${number}к`;
    const first = wordOf(name, number, 0, 'о');
    const { id } = otrs.createTicket({ title, text: `Не открывается карточка: ${first}`, priority: '1 Критичный' });
    affairs.push({ ticket: id, title, asked: [first], answered: [] });
  };
  const write = () => {
    const index = Math.floor(random() * affairs.length);
    const affair = affairs[index];
    if (affair === undefined) {
      return;
    }
    const [issue] = issuesOf(world, affair);
    if (issue === undefined || random() < 0.5) {
      const word = wordOf(name, index + 1, affair.asked.length, 'о');
      affair.asked.push(word);
      otrs.addArticle(affair.ticket, { text: `Ещё не работает: ${word}`, by: 'user.volga' });
    } else {
      const word = wordOf(name, index + 1, affair.answered.length, 'д');
      affair.answered.push(word);
      jira.comment(issue.key, `Смотрим журнал: ${word}`);
    }
  };

  for (let act = 0; act < acts; act += 1) {
    const wait = begun + (SPAN_MS * act) / acts - Date.now();
    await sleep(Math.max(0, wait));
    const isNew = affairs.length < TICKETS && (affairs.length === 0 || random() < 2 * (TICKETS / acts));
    isNew ? register() : write();
  }
  return affairs;
}

/** No word is the beginning of another one. */
function wordOf(name: string, ticket: number, number: number, side: 'о' | 'д'): string {
  return `слово${name.replace(/\P{L}/gu, '')}${ticket}${side}${number}к`;
}
