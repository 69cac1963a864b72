import { isCalled } from './alias.ts';
import { isSameText } from './condition.ts';
import { textOf } from './field-value.ts';
import { faultOfSolution, type SolutionFault, type SolutionRules, tellFault } from './solution.ts';
import type { Fields, Snapshot } from './ticket.ts';

/** The three fields of the closing block: «Код закрытия», «Решение», «Конфигурационная единица» (R54). */
export interface Closure {
  readonly code: string;
  readonly solution: string;
  readonly configurationItem: string;
}

/** «Устранения дефекта» or «Невозможности выполнения» (R53); `other` where there was no defect. */
export const outcomeFamilies = ['fixed', 'impossible', 'other'] as const;

export interface ClosureCode {
  readonly code: string;
  readonly clause: string;
  readonly family: (typeof outcomeFamilies)[number];
  /** The solution has to say why (R53, R69). */
  readonly needsReason: boolean;
}

export interface BlockPolicy {
  readonly codes: readonly (ClosureCode & { readonly resolution: string })[];
  /** The code for a resolution that no row names: the mapping is total. */
  readonly otherwise: ClosureCode;
  /** Value of the issue's field -> value of the ticket's field. */
  readonly configurationItems: readonly { readonly issue: string; readonly ticket: string }[];
  /** Whether the last public comment of the issue serves as solution where its field is empty. */
  readonly solutionFromComment: 'allowed' | 'never';
  readonly solution: SolutionRules;
  /** Fields of the ticket that must be filled besides the block, by logical name (R55). */
  readonly checks: readonly { readonly field: string; readonly name: string; readonly clause: string }[];
  /** How people call the three fields. */
  readonly names: Readonly<Record<keyof Closure, string>>;
}

/** What keeps a ticket from closing. */
export interface Gap {
  /** Names the gap within its ticket, e.g. `solution` or `solution=too_short`. */
  readonly id: string;
  /** For people, e.g. `«Решение» (короче 15 знаков)`. */
  readonly told: string;
  readonly clause: string;
}

export interface ClosingBlock {
  /** What is known and good enough. */
  readonly closure: Partial<Closure>;
  readonly code: ClosureCode;
  readonly gaps: readonly Gap[];
  /** A resolution that no row names. */
  readonly unnamedResolution?: string;
}

/**
 * The block as issue and ticket give it together. `first` is whose words count where both have some that are good enough:
 * the issue's when it has just been done, the ticket's once they stand there, for an agent may have put them right (R54).
 */
export function blockOfIssue(
  issue: Snapshot,
  ticket: Snapshot,
  policy: BlockPolicy,
  first: 'issue' | 'ticket',
): ClosingBlock {
  const { resolution } = issue;
  const row = policy.codes.find((each) => isCalled(issue, 'resolution', each.resolution));
  const ownCode = textOf(ticket.fields.closure_code);
  const ownItem = textOf(ticket.fields.configuration_item);
  // Where no row names the resolution, the agent knows better than the row for all others.
  const isOwn = resolution === undefined || (ownCode !== undefined && (row === undefined || first === 'ticket'));
  const code = isOwn ? codeCalled(ownCode, policy) : (row ?? policy.otherwise);
  const solutions = [issue.fields.solution, ticket.fields.solution];
  const texts = [...(first === 'issue' ? solutions : solutions.toReversed()), lastWords(issue, policy)].flatMap(
    (text) => textOf(text) ?? [],
  );
  const block = judge(
    {
      code: isOwn ? ownCode : code.code,
      texts,
      item: first === 'issue' ? (itemOf(issue, policy) ?? ownItem) : (ownItem ?? itemOf(issue, policy)),
    },
    code,
    { ticket, resolution },
    policy,
  );
  return resolution === undefined || row !== undefined ? block : { ...block, unnamedResolution: resolution };
}

/** The block as it stands in the ticket. */
export function blockOfTicket(ticket: Snapshot, policy: BlockPolicy): ClosingBlock {
  const code = textOf(ticket.fields.closure_code);
  const texts = [textOf(ticket.fields.solution) ?? []].flat();
  const item = textOf(ticket.fields.configuration_item);
  return judge({ code, texts, item }, codeCalled(code, policy), { ticket, resolution: undefined }, policy);
}

/** The fields of the ticket that hold the block. */
export function fieldsOf({ code, solution, configurationItem }: Partial<Closure>): Fields {
  const fields = { closure_code: code, solution, configuration_item: configurationItem };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

interface Found {
  readonly code: string | undefined;
  /** What may stand as the solution, the best first. */
  readonly texts: readonly string[];
  readonly item: string | undefined;
}

function judge(
  { code, texts, item }: Found,
  meaning: ClosureCode,
  { ticket, resolution }: { readonly ticket: Snapshot; readonly resolution: string | undefined },
  policy: BlockPolicy,
): ClosingBlock {
  const context = { title: ticket.title, resolution, needsReason: meaning.needsReason };
  const faults = texts.map((text) => faultOfSolution(text, context, policy.solution));
  const solution = texts[faults.indexOf(undefined)];
  const gaps = [
    code === undefined ? [{ id: 'code', told: `«${policy.names.code}»`, clause: 'R54' }] : [],
    solution === undefined ? [solutionGap(faults[0], meaning, policy)] : [],
    item === undefined ? [{ id: 'configurationItem', told: `«${policy.names.configurationItem}»`, clause: 'R54' }] : [],
    policy.checks
      .filter(({ field }) => textOf(ticket.fields[field]) === undefined)
      .map(({ field, name, clause }) => ({ id: field, told: `«${name}»`, clause })),
  ].flat();
  return {
    closure: {
      ...(code === undefined ? {} : { code }),
      ...(solution === undefined ? {} : { solution }),
      ...(item === undefined ? {} : { configurationItem: item }),
    },
    code: meaning,
    gaps,
  };
}

function solutionGap(fault: SolutionFault | undefined, { needsReason, clause }: ClosureCode, policy: BlockPolicy): Gap {
  const name = `«${policy.names.solution}»`;
  return {
    id: fault === undefined ? 'solution' : `solution=${fault}`,
    told: fault === undefined ? name : `${name} (${tellFault(fault, policy.solution)})`,
    clause: needsReason ? `${clause}, R54` : 'R54',
  };
}

function codeCalled(code: string | undefined, { codes, otherwise }: BlockPolicy): ClosureCode {
  return (code === undefined ? undefined : codes.find((row) => isSameText(row.code, code))) ?? otherwise;
}

function itemOf(issue: Snapshot, policy: BlockPolicy): string | undefined {
  const value = issue.fields.configuration_item;
  const named = value === undefined ? [] : [value].flat();
  return policy.configurationItems.find((row) => named.some((name) => isSameText(name, row.issue)))?.ticket;
}

/** A developer's last public words, where the mapping lets them stand for the solution. */
function lastWords(issue: Snapshot, policy: BlockPolicy): string | undefined {
  if (policy.solutionFromComment === 'never') {
    return undefined;
  }

  return issue.comments.findLast((comment) => comment.visibility === 'public' && comment.marker === undefined)?.text;
}
