import type { AttachmentPolicy } from './attachments.ts';
import { isWritten } from './comments.ts';
import type { Facts } from './facts.ts';
import { showName } from './file-name.ts';
import { type FileIn, type FileStanding, thoseThatAre } from './file-standing.ts';
import { packIds, unpackIds } from './id-ranges.ts';
import { act, combine, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import type { Visibility } from './ticket.ts';
import { issueValues, ticketValues } from './vocabulary.ts';

/** What follows names the files, so that a lost memory still knows which ones the ticket has been told of. */
const NOTE = 'comment:note:refused@';

/** Letters of packed ids in a key. Systems keep markers of about 190 letters. */
const LONGEST_IDS = 120;

/** How many names the evidence lists before it only counts. */
const SHOWN = 10;

/**
 * A note in the ticket names every refused file with its reason, once, and every file that the other system did not take so
 * far: those that are known at a time share one. The requester reads only of files that he could have seen, and only where
 * the policy lets him.
 */
export function judgeRefusedFiles(
  standings: readonly FileStanding[],
  facts: Facts,
  policy: AttachmentPolicy,
): Judgement {
  const named = namedIn(facts);
  const unnamed = [...thoseThatAre(standings, 'refused'), ...inTrouble(standings)].filter(
    (each) => !named.has(nameOfFile(each)),
  );
  const shownTo = (reader: Visibility) =>
    unnamed.filter(
      ({ state }) => (policy.refusalNote.visibility === 'public' ? state.visibility : 'internal') === reader,
    );
  return combine([
    ...writeNotes(shownTo('internal'), 'internal', facts, policy),
    ...writeNotes(shownTo('public'), 'public', facts, policy),
  ]);
}

function inTrouble(standings: readonly FileStanding[]): readonly FileIn<'refused'>[] {
  return thoseThatAre(standings, 'waiting').flatMap(({ file, of, state: { trouble, visibility } }) =>
    trouble === undefined ? [] : [{ file, of, state: { is: 'refused', verdict: trouble, visibility } }],
  );
}

function writeNotes(
  refused: readonly FileIn<'refused'>[],
  visibility: Visibility,
  facts: Facts,
  { refusalNote, wording }: AttachmentPolicy,
): readonly Judgement[] {
  const { ticket, issue } = facts;
  const byName = new Map(refused.map((each) => [nameOfFile(each), each]));
  const values = { ...ticketValues(ticket, wording), ...(issue === undefined ? {} : issueValues(issue)) };
  return packIds([...byName.keys()], LONGEST_IDS).map(({ text: packed, ids }) => {
    const key = `${NOTE}${packed}`;
    const told = ids.flatMap((id) => byName.get(id) ?? []);
    const refusals = told.map(({ state }) => state.verdict.text).join('\n');
    if (isWritten(key, facts)) {
      return nothing;
    }

    const more = told.length > SHOWN ? ` and ${told.length - SHOWN} more` : '';
    const names = told.slice(0, SHOWN).map(({ file }) => `«${showName(file.name)}»`);
    return act(
      {
        do: 'comment',
        key,
        ref: ticket.ref,
        comment: {
          subject: fill(refusalNote.subject, values),
          text: fill(refusalNote.text, { ...values, refusals }),
          visibility,
        },
      },
      {
        rule: 'refused-files-are-named',
        clause: [...new Set(told.map(({ state }) => state.verdict.clause))].join(', '),
        evidence: `the ticket does not say yet that ${names.join(', ')}${more} stayed behind`,
      },
    );
  });
}

function nameOfFile({ file, of }: FileIn<'refused'>): string {
  return `${of.ref.system}:${file.id}`;
}

/** The files that a note has named: remembered, or shown by the ticket. */
function namedIn({ link, ticket }: Facts): ReadonlySet<string> {
  const keys = [...Object.keys(link.done), ...ticket.comments.flatMap(({ marker }) => marker ?? [])];
  return new Set(keys.filter((key) => key.startsWith(NOTE)).flatMap((key) => unpackIds(key.slice(NOTE.length))));
}
