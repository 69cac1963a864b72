import { type Stage, stages } from '../domain/stage.ts';
import type { SlaPolicy, Table4Case } from '../domain/table-4.ts';
import { BridgeError } from '../errors.ts';
import { parseInstant } from './instant.ts';

/** A case as JSON has it, with the name that its writer gave it. */
export interface GivenCase {
  readonly id?: string | number;
  readonly ticket: Table4Case;
}

type Fields = Readonly<Record<string, unknown>>;

const known = ['id', 'priority', 'registered', 'complete', 'pauses', 'workaround', 'withdrawn', 'completed', 'now'];

/** Reads cases against the priorities of the mapping, which may be given as 3, "3", "P3" or "3 Средний". */
export function createCaseReader({ targets }: SlaPolicy): (value: unknown) => GivenCase {
  const numbers = new Map<unknown, number>(
    targets.flatMap(({ number, name }) =>
      [number, `${number}`, `p${number}`, fold(name)].map((key) => [key, number] as const),
    ),
  );
  const names = targets.map(({ number, name }) => `${number} («${name}»)`).join(', ');

  /** Throws `CASE_INVALID` with the field and the reason. */
  return (value) => {
    const fields = sectionOf(value, 'the case', known);
    const priority = numbers.get(typeof fields.priority === 'string' ? fold(fields.priority) : fields.priority);
    if (priority === undefined) {
      throw invalid(isGiven(fields.priority) ? `priority must be one of ${names}` : `priority is missing: ${names}`);
    }

    const ticket: Table4Case = {
      priority,
      registered: momentOf(fields, 'registered') ?? missing('registered'),
      // Left out: complete at once (R17). `null`: not complete yet, so only the reaction has a deadline.
      complete: fields.complete === undefined ? momentOf(fields, 'registered') : momentOf(fields, 'complete'),
      pauses: pausesOf(fields.pauses),
      workaround: momentOf(fields, 'workaround'),
      withdrawn: momentOf(fields, 'withdrawn'),
      completed: completedOf(fields.completed),
      now: momentOf(fields, 'now'),
    };
    refuseContradictions(ticket);
    return idOf(fields.id, ticket);
  };
}

function refuseContradictions({ registered, complete, pauses, workaround, withdrawn, now }: Table4Case): void {
  if (complete !== undefined && complete < registered) {
    throw invalid('complete lies before registered');
  }

  if (workaround !== undefined && workaround < registered) {
    throw invalid('workaround lies before registered');
  }

  if (withdrawn !== undefined && (workaround === undefined || withdrawn < workaround)) {
    throw invalid('withdrawn needs a workaround before it');
  }

  pauses.forEach(({ from, to }, index) => {
    if (to === undefined && now === undefined) {
      throw invalid(`pauses[${index}] has no end: give its \`to\`, or \`now\` for the deadlines if it ended now`);
    }

    if ((to ?? now ?? from) < from) {
      throw invalid(`pauses[${index}] ends before it begins`);
    }
  });
}

function pausesOf(value: unknown): Table4Case['pauses'] {
  if (!isGiven(value)) {
    return [];
  }

  if (!Array.isArray(value)) {
    throw invalid('pauses must be a list');
  }

  return value.map((pause: unknown, index) => {
    const what = `pauses[${index}]`;
    const fields = sectionOf(pause, what, ['from', 'to']);
    return {
      from: momentOf(fields, 'from', `${what}.from`) ?? missing(`${what}.from`),
      to: momentOf(fields, 'to', `${what}.to`),
    };
  });
}

function completedOf(value: unknown): Table4Case['completed'] {
  if (!isGiven(value)) {
    return undefined;
  }

  const fields = sectionOf(value, 'completed', stages);
  const done: Partial<Record<Stage, number>> = {};
  for (const stage of stages) {
    const moment = momentOf(fields, stage, `completed.${stage}`);
    if (moment !== undefined) {
      done[stage] = moment;
    }
  }
  return done;
}

function idOf(id: unknown, ticket: Table4Case): GivenCase {
  if (!isGiven(id)) {
    return { ticket };
  }

  if (typeof id !== 'string' && typeof id !== 'number') {
    throw invalid('id must be text or a number');
  }

  return { id, ticket };
}

function momentOf(fields: Fields, key: string, what = key): number | undefined {
  const value = fields[key];
  if (!isGiven(value)) {
    return undefined;
  }

  if (typeof value !== 'string') {
    throw invalid(`${what} must be text such as "2026-11-24T10:00:00+03:00"`);
  }

  return parseInstant(value, what);
}

function sectionOf(value: unknown, what: string, keys: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${what} must be an object`);
  }

  const stray = Object.keys(value).find((key) => !keys.includes(key));
  if (stray !== undefined) {
    throw invalid(`${what} has the unknown key «${stray.slice(0, 40)}»; known: ${keys.join(', ')}`);
  }

  return value as Fields;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function fold(text: string): string {
  return text.trim().toLocaleLowerCase('ru');
}

function missing(what: string): never {
  throw invalid(`${what} is missing`);
}

function invalid(message: string): BridgeError {
  return new BridgeError('CASE_INVALID', message);
}
