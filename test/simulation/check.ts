import { subjectOf } from '../../src/domain/action.ts';
import { decide } from '../../src/domain/decide.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { gather } from '../../src/flow/gather.ts';
import type { EndedLook } from '../../src/flow/worker.ts';
import type { Broker } from './broker.ts';
import type { Words } from './people.ts';
import type { Simulation } from './simulation.ts';
import { settled } from './store-port.ts';

/** Whether every ticket that meets no evil for ever has nothing left to do now. */
export function isAtRest({ database, world, now }: Simulation): boolean {
  const moment = now().toMillis();
  const isBusy = database.work().some(({ ticket, lease, due = Number.POSITIVE_INFINITY, arrived, covered }) => {
    return ticket !== world.poisoned && (lease !== undefined || due <= moment || arrived > covered);
  });
  return !isBusy && database.doubts().every(({ ticket }) => ticket === world.poisoned);
}

/** What waits for a system, or was asked to wait, spends no attempt. */
export function complainAboutLook({ claim, release, look, error }: EndedLook, { ledger }: Simulation): void {
  const errors = [...(look?.held ?? []), ...(error === undefined ? [] : [error])];
  const isWaiting =
    errors.length > 0 && errors.every(({ code, disposition }) => disposition === 'outage' || code === 'RATE_LIMITED');
  if (isWaiting && release.outcome === 'later' && release.attempt > claim.attempt) {
    ledger.complaints.push(`ticket ${claim.ticket.id} spent an attempt while it waited: ${release.reason}`);
  }
}

/** Everything that is promised, held against what really happened. */
export async function check(
  simulation: Simulation,
  words: readonly Words[],
  broker: Broker,
): Promise<readonly string[]> {
  const letters = lettersOf(simulation);
  return [
    ...checkEvents(simulation, letters, broker),
    ...checkEffects(simulation),
    ...checkWords(simulation, words, letters),
    ...checkOrder(simulation),
    ...checkDoubts(simulation, letters),
    ...(await checkAgreement(simulation, letters)),
  ];
}

/** Open letters by ticket and key of the action; without a key for the ticket as a whole. */
type Letters = ReadonlySet<string>;

function lettersOf({ database }: Simulation): Letters {
  const keys = database.letters().map(({ ticket, key = '' }) => `${ticket} ${key}`);
  // A letter about one version of a comment speaks of the comment.
  return new Set([...keys, ...keys.map(subjectOf)]);
}

/** Every event that was taken in is in the store, and a look that began after it has ended well, or a letter is open. */
function checkEvents({ ledger, database, world }: Simulation, letters: Letters, broker: Broker): readonly string[] {
  const owners = database.owners();
  const lost = [...ledger.answered]
    .filter((id) => !ledger.stored.has(id))
    .map((id) => `event ${id} was taken in and is lost`);
  const uncovered = [...ledger.stored].flatMap(([id, { turn, ref, number }]) => {
    const ticket = ref.system === 'otrs' ? ref.id : owners.get(ref.id);
    return ticket === undefined ||
      number === undefined ||
      (ledger.covered.get(ticket) ?? -1) > turn ||
      letters.has(`${ticket} `) ||
      ticket === world.poisoned
      ? []
      : [`event ${id} of ticket ${ticket} is covered by no look`];
  });
  return [...lost, ...uncovered, ...(broker.size() === 0 ? [] : ['messages are left in the broker'])];
}

/** By the key of each effect, as the systems know it. */
function checkEffects({ ledger }: Simulation): readonly string[] {
  const times = Map.groupBy(ledger.effects, ({ system, call, at, key }) => `${call} ${key} at ${system} ${at}`);
  return [...times]
    .filter(([, effects]) => effects.length > 1)
    .map(([name, { length }]) => `${name} happened ${length} times`);
}

/** Public words reach the other side once, or a letter says why not; internal ones never do. */
function checkWords({ world, database }: Simulation, words: readonly Words[], letters: Letters): readonly string[] {
  const linked = new Set(database.owners().values());
  return words.flatMap(({ text, system, ticket, commentId, isPublic, record }) => {
    const heir = world.heirOf(ticket);
    const home = system === 'otrs' ? heir : record;
    const others =
      system === 'otrs'
        ? world.issuesOf(ticket).map(({ id }) => world.desks.jira.records.get(id))
        : [...new Set([ticket, heir])].map((id) => world.desks.otrs.records.get(id));
    const times = others.flatMap((other) => timesIn(other, text)).length;
    const back = timesIn(world.desks[system].records.get(home), text).length;
    const channel = system === 'otrs' ? 'jira' : 'otrs';
    // A ticket that was closed after the backup to which the store was set back: its issue is not looked for any more.
    const isForgotten = world.desks.otrs.records.get(ticket)?.phase === 'done' && !linked.has(ticket);
    const keys = [`comment:${channel}:${commentId}`, 'open:issue', ''];
    const isSaid = [ticket, heir].some((each) => keys.some((key) => letters.has(`${each} ${key}`)));
    const isLeft = system === 'jira' && heir !== ticket;
    return [
      ...(!isPublic && times > 0 ? [`internal words ${text} leaked`] : []),
      ...(isPublic && times > 1 ? [`${text} was carried ${times} times`] : []),
      ...(isPublic && times === 0 && !isSaid && !isForgotten && !isLeft && ticket !== world.poisoned
        ? [`${text} was not carried, and nothing says so`]
        : []),
      ...(back > 1 ? [`${text} came back to where it was written`] : []),
    ];
  });
}

function timesIn(record: Snapshot | undefined, text: string): readonly string[] {
  return (record?.comments ?? []).map((comment) => comment.text).filter((each) => each.includes(text));
}

/** Comments of one way stand in the order of writing, but for those that were refused at first. */
function checkOrder({ world, ledger }: Simulation): readonly string[] {
  // What comes along with a merge comes when it comes.
  const isMerged = (ticket: string) => world.heirOf(ticket) !== ticket || world.isHeir(ticket);
  const unmerged = [...world.issues].filter(([ticket]) => !isMerged(ticket));
  const targets = unmerged.flatMap(([ticket, issues]) => [
    ...issues.map(({ id }) => ({ ticket, record: world.desks.jira.records.get(id) })),
    { ticket, record: world.desks.otrs.records.get(ticket) },
  ]);
  return targets.flatMap(({ ticket, record }) => {
    const carried = (record?.comments ?? [])
      .map(({ marker = '' }) => marker)
      .filter((marker) => /^comment:\w+:\d+$/.test(marker) && !ledger.refused.has(`${ticket} ${marker}`))
      .map((marker) => Number(marker.split(':')[2]));
    const wrong = carried.find((id, index) => (carried[index - 1] ?? 0) > id);
    return wrong === undefined ? [] : [`comment ${wrong} of ticket ${ticket} was carried after a later one`];
  });
}

/** A call that may or may not have happened is visible. */
function checkDoubts({ database, world }: Simulation, letters: Letters): readonly string[] {
  return database
    .doubts()
    .filter(({ ticket, key }) => ticket !== world.poisoned && !letters.has(`${ticket} ${key}`))
    .map(({ ticket, key }) => `${key} of ticket ${ticket} is left in doubt`);
}

/** A look at what both systems show now finds nothing to do. */
async function checkAgreement(
  { world, database, policy, now }: Simulation,
  letters: Letters,
): Promise<readonly string[]> {
  const store = database.open();
  const complaints: string[] = [];
  for (const { ref } of world.desks.otrs.records.values()) {
    const found = await settled(() => gather(ref, world.desks, store, new AbortController().signal));
    if ('error' in found) {
      complaints.push(`ticket ${ref.id} cannot be judged: ${String(found.error)}`);
    } else if (ref.id !== world.poisoned && !letters.has(`${ref.id} `)) {
      const { actions } = decide(found.value.facts, policy, now());
      // What was refused rests until its ticket changes, and a letter says so.
      const left = actions.filter(({ key }) => !letters.has(`${ref.id} ${key}`));
      complaints.push(...left.map(({ key }) => `${key} of ticket ${ref.id} is left to do`));
    }
  }
  return complaints;
}
