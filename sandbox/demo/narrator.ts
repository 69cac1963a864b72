import type { Action } from '../../src/domain/action.ts';
import { type Fields, nameOf } from '../../src/domain/ticket.ts';
import type { PerformedAction } from '../../src/flow/progress.ts';

const useColour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const colour = (code: number) => (text: string) => (useColour ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = colour(1);
const dim = colour(2);
const green = colour(32);
const red = colour(31);
const cyan = colour(36);

/** Prints the running commentary of the demonstration. */
export const narrator = {
  line: (text = '') => console.log(text),
  story: (number: number, title: string, shows: string) =>
    console.log(`\n${bold(`${number}. ${title}`)}\n   ${dim(shows)}`),
  person: (sentence: string) => console.log(`   ${cyan('people')}  ${sentence}`),
  end: (seconds: number) => console.log(`   ${green('end')}     as expected, after ${seconds.toFixed(1)} s`),
  /** What the bridge says of a ticket when it is asked. */
  aside: (sentence: string) => console.log(`      ${dim(sentence)}`),
  failure: (message: string) => console.log(`   ${red('WRONG')}   ${message}`),
  /** What the bridge did, and the rule and clause that made it. */
  effect: ({ action, result, reasons }: PerformedAction) => {
    const did = result.outcome === 'refused' ? red(`was refused: ${result.error.message}`) : describe(action, result);
    const why = [...new Set(reasons.map(({ rule, clause, evidence }) => `${clause} ${rule}: ${evidence}`.trim()))].join(
      '; ',
    );
    console.log(`   ${bold('bridge')}  ${did}\n           ${dim(why)}`);
  },
};

function describe(
  action: Action,
  { effect, adopted }: Extract<PerformedAction['result'], { outcome: 'done' }>,
): string {
  switch (action.do) {
    case 'open':
      if (action.role !== 'issue') {
        return `opens ticket ${nameOf(effect)} in ${action.draft.project} («${action.name}») for ${nameOf(action.origin)}`;
      }
      return adopted === 'adopted'
        ? `finds the issue ${nameOf(effect)} that was opened before the answer got lost, and adopts it`
        : `opens ${nameOf(effect)} in ${action.draft.project} («${action.draft.type}», ${action.draft.priority ?? 'no priority'})`;
    case 'relate':
      return action.isResolved === true
        ? `shows in ${nameOf(action.ref)} that ticket ${nameOf(action.to)} is done`
        : `links ${nameOf(action.ref)} to ticket ${nameOf(action.to)}`;
    case 'update':
      return `sets ${list(action.fields)} in ${nameOf(action.ref)}`;
    case 'comment':
      return `writes a comment (${action.comment.visibility}) into ${nameOf(action.ref)}`;
    case 'attach':
      return `carries the file «${action.file.name}» to ${nameOf(action.ref)}`;
    case 'edit':
      return `changes comment ${action.commentId} of ${nameOf(action.ref)}`;
    case 'assign':
      return `assigns ${nameOf(action.ref)} to ${action.user}`;
    case 'move': {
      const verb = action.phase === 'done' ? 'closes' : 'moves';
      const fields = Object.keys(action.fields).length === 0 ? '' : ` and sets ${list(action.fields)}`;
      return `${verb} ${nameOf(action.ref)} («${action.to}»)${fields}`;
    }
  }
}

function list(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} = «${value}»`)
    .join(', ');
}
