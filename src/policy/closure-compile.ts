import type { BlockPolicy, ClosureCode } from '../domain/closing-block.ts';
import type { LetterPolicy } from '../domain/closing-letter.ts';
import type { ClosurePolicy } from '../domain/closure.ts';
import type { UpdatePolicy } from '../domain/shipped-update.ts';
import type { Wording } from '../domain/vocabulary.ts';
import type { Mappings } from './schema.ts';

type ClosureMapping = Mappings['closure'];

/** Valid rows -> the policy of the closing gate. */
export function compileClosure({ closure }: Mappings, wording: Wording): ClosurePolicy {
  const update = compileUpdate(closure);
  const letter = compileLetter(closure);
  return {
    closedState: closure.closed_state,
    waitingState: closure.waiting_state,
    block: compileBlock(closure),
    note: closure.note,
    ...(update === undefined ? {} : { update }),
    agentClosedIncomplete: closure.agent_closed_incomplete,
    agentClosedNote: closure.agent_closed_note,
    ...(closure.agent_closed_comment === undefined ? {} : { agentClosedComment: closure.agent_closed_comment }),
    ...(letter === undefined ? {} : { letter }),
    wording,
  };
}

function compileBlock(closure: ClosureMapping): BlockPolicy {
  const { solution, reason, names } = closure;
  return {
    codes: closure.codes.map((row) => ({ resolution: row.resolution, ...compileCode(row) })),
    otherwise: compileCode(closure.otherwise),
    configurationItems: closure.configuration_items,
    solutionFromComment: closure.solution_from_comment,
    solution: {
      minLength: solution.min_length,
      notTitle: solution.not_title,
      bare: solution.bare,
      reasonMinLength: reason.min_length,
      reasonNotResolution: reason.not_resolution,
      why: solution.why,
    },
    checks: closure.checks,
    names: { code: names.code, solution: names.solution, configurationItem: names.configuration_item },
  };
}

function compileCode({ code, clause, family, needs_reason }: ClosureMapping['otherwise']): ClosureCode {
  return { code, clause, family, needsReason: needs_reason };
}

function compileUpdate({ ships_in_update: row, closed_state: closedState }: ClosureMapping): UpdatePolicy | undefined {
  return row === undefined
    ? undefined
    : {
        state: row.state,
        field: row.field,
        installedField: row.installed,
        closedState,
        unlessResolution: row.unless_resolution,
        releasedVersionCounts: row.released_version_counts,
        clause: row.clause,
        note: row.note,
      };
}

function compileLetter({ closing_letter: row, confirmation }: ClosureMapping): LetterPolicy | undefined {
  if (row === undefined) {
    return undefined;
  }

  const { request, ...letter } = row;
  return confirmation === 'requested' ? { ...letter, request } : letter;
}
