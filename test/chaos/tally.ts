import { BRIDGE_ID } from '../../sandbox/otrs/world.ts';
import { type Affair, issuesOf } from './people.ts';
import type { World } from './world.ts';

/** What the desks' own lists say of some tickets. */
export interface Tally {
  /** Acts of people. */
  readonly events: number;
  /** Issues, carried words and links between the two that are there. */
  readonly effects: number;
  /** That should be there and are not. */
  readonly lost: readonly string[];
  /** That are there once too often. */
  readonly doubled: readonly string[];
  /** Words behind which an earlier one follows. */
  readonly disordered: readonly string[];
}

/** Holds what people did against what came of it in the other system. */
export function tally(world: Pick<World, 'otrs' | 'jira'>, affairs: readonly Affair[]): Tally {
  const lost: string[] = [];
  const doubled: string[] = [];
  const disordered: string[] = [];
  let effects = 0;

  const expectOnce = (what: string, times: number) => {
    effects += times;
    if (times === 0) {
      lost.push(what);
    }
    for (let more = 1; more < times; more += 1) {
      doubled.push(what);
    }
  };

  for (const affair of affairs) {
    const issues = issuesOf(world, affair);
    const { articles, fields } = world.otrs.ticket(affair.ticket);
    const descriptions = issues.map(({ values }) => values.description ?? '');
    const comments = issues.flatMap((issue) => issue.comments.map(({ body }) => body));
    const carried = articles.filter(({ createdBy }) => createdBy === BRIDGE_ID).map(({ body }) => body);

    expectOnce(`issue of ${affair.title}`, issues.length);
    expectOnce(`key of ${affair.title}`, issues.some(({ key }) => key === fields.JiraKey) ? 1 : 0);
    expectOnce(`link to ${affair.title}`, issues.flatMap(({ remoteLinks }) => remoteLinks).length);
    for (const word of affair.asked) {
      expectOnce(`${word} in JIRA`, timesIn([...descriptions, ...comments], word));
      // The bridge's own words must not come back as those of line 3.
      doubled.push(...Array.from({ length: timesIn(carried, word) }, () => `${word} came back`));
    }
    for (const word of affair.answered) {
      expectOnce(`${word} in OTRS`, timesIn(carried, word));
      doubled.push(...Array.from({ length: timesIn(comments, word) - 1 }, () => `${word} came back`));
    }
    disordered.push(...outOfOrder(comments, affair.asked), ...outOfOrder(carried, affair.answered));
  }

  const events = affairs.reduce((sum, { asked, answered }) => sum + asked.length + answered.length, 0);
  return { events, effects, lost, doubled, disordered };
}

function timesIn(texts: readonly string[], word: string): number {
  return texts.filter((text) => text.includes(word)).length;
}

/** Words that stand before one that was written earlier. */
function outOfOrder(texts: readonly string[], words: readonly string[]): readonly string[] {
  const order = texts.flatMap((text) => {
    const index = words.findIndex((word) => text.includes(word));
    return index < 0 ? [] : [index];
  });
  return order.flatMap((index, place) => ((order[place + 1] ?? index) < index ? [words[index] ?? ''] : []));
}
