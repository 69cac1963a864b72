import type { Evidence } from '../domain/criterion.ts';
import type {
  ExplainedAssignments,
  ExplainedPriority,
  ExplainedRule,
  ExplainedStage,
  ExplainedTerms,
  Explanation,
} from './explanation.ts';
import { type Detail, ledgers } from './ledger.ts';
import { forPeople, lengthOf } from './moments.ts';

/** An explanation for people: what was decided in a few sentences, then every rule that was looked at. */
export function render(explanation: Explanation, detail: Detail = 'telling'): string {
  const { ticket, at, rules, zone, summary, doubts } = explanation;
  const head = [
    `Ticket ${ticket.number} «${ticket.title}»`,
    `«${ticket.state}», «${ticket.priority}», ${ticket.type === '' ? 'no type' : `«${ticket.type}»`}, ${ticket.service === undefined ? 'no service' : `«${ticket.service}»`}${ticket.ticketQueue === undefined ? '' : `, ticket queue «${ticket.ticketQueue}»`}`,
    `as of ${forPeople(at)} (${zone}), rules ${rules}`,
  ];
  const sections = [
    section('', summary),
    section('Strange', doubts),
    section('Priority', priorityLines(explanation.priority, detail)),
    section('Information', informationLines(explanation)),
    section('Terms', termLines(explanation.terms)),
    section('Time', explanation.terms === undefined ? [] : ledgers(explanation.terms.stages, detail)),
    section('Assignments', assignmentLines(explanation)),
    section('Approval', approvalLines(explanation)),
    section('Linked tickets', linkedLines(explanation)),
    section('Other readings', readingLines(explanation.terms)),
    section('Escalation', explanation.escalation.flatMap(ruleLine)),
    section('Files', fileLines(explanation, detail)),
    section('Comments', commentLines(explanation, detail)),
    section(
      'Other rules',
      explanation.notes.map(({ rule, clause, evidence }) => `  ${label(clause, rule)}: ${evidence}`),
    ),
    section('What would follow', explanation.isPast ? [] : actionLines(explanation)),
  ];
  return `${[head.join('\n'), ...sections.filter((text) => text !== '')].join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : (title === '' ? lines : [title, ...lines]).join('\n');
}

const verdicts = { yes: 'met', no: 'refuted', unknown: 'not said' } as const;

/** Criteria that the ticket says nothing of at all share a line, unless all are wanted. */
function priorityLines(priority: ExplainedPriority | undefined, detail: Detail): readonly string[] {
  if (priority === undefined) {
    return [];
  }

  const order = Object.keys(verdicts);
  const isSilent = ({ verdict, evidence }: Criterion) => verdict === 'unknown' && evidence.length === 0;
  const shown = priority.criteria.filter((criterion) => detail === 'all' || !isSilent(criterion));
  const silent = priority.criteria.filter((criterion) => detail === 'telling' && isSilent(criterion));
  const lines = shown
    .toSorted((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict))
    .map(
      ({ rule, clause, priority: name, verdict, hint, evidence }) =>
        `  ${verdicts[verdict].padEnd(8)}  ${clause.padEnd(6)} ${rule} (${hint ? 'hint' : `«${name}»`})${evidenceOf(evidence)}`,
    );
  return silent.length === 0
    ? lines
    : [...lines, `  the ticket says nothing of ${silent.map(({ rule, clause }) => `${clause} ${rule}`).join(', ')}`];
}

type Criterion = ExplainedPriority['criteria'][number];

function informationLines({ information }: Explanation): readonly string[] {
  if (information === undefined) {
    return [];
  }

  return [
    ...(information.override === undefined ? [] : [`  the agent says: ${information.override}`]),
    ...information.items.map(
      ({ name, title, clause, mandatory, verdict, evidence }) =>
        `  ${verdict.padEnd(9)}  ${clause.padEnd(6)} ${name} «${title}»${mandatory ? '' : ' (optional)'}${evidenceOf(evidence)}`,
    ),
  ];
}

function termLines(terms: ExplainedTerms | undefined): readonly string[] {
  if (terms === undefined) {
    return [];
  }

  return [
    ...terms.stages.map(stageLine),
    ...(terms.resolution.workaround === 'none'
      ? []
      : [
          `  workaround: ${terms.resolution.workaround}; the permanent solution is held to ${terms.resolution.branch}${terms.resolution.evidence === undefined ? '' : ` (${terms.resolution.evidence})`}`,
        ]),
    ...terms.priorityChanges.map(
      ({ at, priority, evidence, corrects }) =>
        `  R27 ${forPeople(at)}: priority ${priority} (${evidence})${corrects === undefined ? '' : `; a correction: ${corrects}`}`,
    ),
    ...terms.suspensions.map(
      ({ clause, why, from, to, begunBy, endedBy, reason }) =>
        `  ${label(clause, why === 'requester' ? 'paused' : why)} ${forPeople(from)} – ${to === undefined ? 'now' : forPeople(to)}: ${begunBy}${reason === undefined ? '' : ` (reason in ${shortened(reason)})`}${endedBy === undefined ? '' : `; ended by ${endedBy}`}`,
    ),
    ...terms.unproven.map(({ at, because }) => `  R26 no pause at ${forPeople(at)}: ${because}`),
    ...terms.breaches.map(
      ({ stage, priority, due, lateByMinutes }) =>
        `  missed: ${stage} at priority ${priority}, due ${forPeople(due)}, by ${lengthOf(lateByMinutes * 60_000)}`,
    ),
    ...terms.warnings
      .filter(({ passed }) => !passed)
      .slice(0, 3)
      .map(({ stage, percent, at }) => `  warning to come: ${percent} % of ${stage} at ${forPeople(at)}`),
  ];
}

/** Whose ticket it is, where it was, and its returns; of one that never left its first queue, where it is stands above. */
function assignmentLines({ assignments: { owner, group, stays, returns } }: Explanation): readonly string[] {
  const has = [
    ...(owner === undefined ? [] : [`owner «${owner}»`]),
    ...(group === undefined ? [] : [`group ${group}`]),
  ];
  return [
    ...(has.length === 0 ? [] : [`  ${has.join(', ')}`]),
    ...(stays.length < 2 ? [] : stays.map(stayLine)),
    ...returns.map(
      ({ at, signs, reason }) =>
        `  returned ${forPeople(at)}: ${signs.map(({ rule, clause, evidence }) => `${label(clause, rule)}: ${evidence}`).join('; ')}; ${reason === undefined ? 'no reason was given' : `reason in ${reason.evidence}: «${shortened(reason.text)}»`}`,
    ),
  ];
}

function stayLine({
  group,
  ticketQueue,
  from,
  to,
  minutes,
  countedMinutes,
}: ExplainedAssignments['stays'][number]): string {
  const counted = countedMinutes === undefined ? '' : `, ${lengthOf(countedMinutes * 60_000, 'hours')} of it counted`;
  const queue = group === ticketQueue ? '' : ` («${ticketQueue}»)`;
  return `  ${group}${queue}: ${forPeople(from)} – ${to === undefined ? 'now' : forPeople(to)}, ${lengthOf(minutes * 60_000)}${counted}`;
}

/** Who approved and who is waited for, step by step, then the letters that an agent has to read. */
function approvalLines({ approval }: Explanation): readonly string[] {
  if (approval === undefined) {
    return [];
  }

  return [
    `  ${approval.status.padEnd(8)}  ${approval.clause}${approval.refusal === undefined ? '' : ` «${shortened(approval.refusal)}»`}`,
    ...approval.steps.flatMap(({ title, clause, needs, approved, awaited, doneAt }) => [
      `  ${(doneAt === undefined ? 'open' : 'done').padEnd(8)}  ${clause} «${title}», ${needs} of those asked`,
      ...approved.map(({ name, at, evidence }) => `      approved  ${name} ${forPeople(at)}: ${evidence}`),
      ...awaited.map(({ name, email }) => `      awaited   ${name} <${email}>`),
    ]),
    ...approval.unrecorded.map(
      ({ article, name, verdict, quote }) =>
        `  letter    article ${article} by «${name}» seems to have ${verdict}: «${shortened(quote)}»; it counts when an agent writes it down`,
    ),
  ];
}

function linkedLines({ linked }: Explanation): readonly string[] {
  return linked.map(({ name, title, clause, standing, number, state, url, because, lacks }) => {
    const what = number === undefined ? (because ?? '') : `${number}${state === undefined ? '' : ` «${state}»`}`;
    const missing = lacks.map((each) => `${each.clause} «${each.name}»`).join(', ');
    return `  ${standing.padEnd(8)}  ${label(clause, name)} (${title}): ${what}${url === undefined ? '' : ` ${url}`}${missing === '' ? '' : `; missing: ${missing}`}`;
  });
}

function stageLine(stage: ExplainedStage): string {
  const due = stage.due === undefined ? '—' : forPeople(stage.due);
  const term = stage.term === undefined ? '' : `  ${stage.term}, ${stage.clause ?? ''}`;
  const done =
    stage.done === undefined
      ? ''
      : `  done ${forPeople(stage.done.at)} by ${stage.done.evidence} (${stage.done.clause} ${stage.done.rule})`;
  const notes = [
    ...(stage.ifResumedNow ? ['if it resumed now'] : []),
    ...(stage.provisionalYears === undefined
      ? []
      : [`provisional: the days off of ${stage.provisionalYears.join(', ')} are not decreed`]),
    ...(stage.uncoveredYear === undefined ? [] : [`no calendar covers ${stage.uncoveredYear}`]),
    ...(stage.lateByMinutes === undefined ? [] : [`late by ${lengthOf(stage.lateByMinutes * 60_000)}`]),
  ];
  return `  ${stage.stage.padEnd(10)}  ${stage.standing.padEnd(11)}  ${due.padEnd(20)}${term}${notes.length === 0 ? '' : `  (${notes.join('; ')})`}${done}`;
}

function readingLines(terms: ExplainedTerms | undefined): readonly string[] {
  return (terms?.alternatives ?? []).map(
    ({ reading, clause, chosen, instead, deadlines }) =>
      `  ${clause} ${reading}: ${instead} instead of ${chosen}: ${deadlines.map(({ stage, due }) => `${stage} ${forPeople(due)}`).join(', ')}`,
  );
}

function ruleLine({ rule, clause, met, conditions }: ExplainedRule): readonly string[] {
  return [
    `  ${(met ? 'met' : 'not met').padEnd(8)}  ${label(clause, rule)}`,
    ...conditions.map(
      ({ asks, found, holds }) =>
        `      ${holds ? 'yes' : 'no '}  ${asks}${holds ? '' : `; it is ${found.length === 0 ? 'empty' : found.map((value) => `«${value}»`).join(', ')}`}`,
    ),
  ];
}

/** Lines that a section shows before it only counts, unless all are wanted. */
const SHOWN = 20;

function fileLines({ files }: Explanation, detail: Detail): readonly string[] {
  const lines = files.map(
    ({ state, clause = '', rule = '', of, id, name, bytes, because }) =>
      `  ${state.padEnd(8)}  «${name}» (${id} of the ${of}, ${bytes} bytes)${rule === '' ? '' : ` ${label(clause, rule)}`}: ${because}`,
  );
  return counted(lines, detail);
}

/** Only those of which something is left to say: what was carried and never edited is not. */
function commentLines({ comments }: Explanation, detail: Detail): readonly string[] {
  const told = comments.filter(
    ({ state, editedAt }) =>
      detail === 'all' || (state !== 'description' && (state !== 'carried' || editedAt !== undefined)),
  );
  const lines = told.map(
    ({ state, of, id, author, visibility, editedAt }) =>
      `  ${state.padEnd(8)}  ${id} of the ${of} by «${author}», ${visibility}${editedAt === undefined ? '' : `, edited ${forPeople(editedAt)}`}`,
  );
  return counted(lines, detail);
}

function counted(lines: readonly string[], detail: Detail): readonly string[] {
  return detail === 'all' || lines.length <= SHOWN
    ? lines
    : [...lines.slice(0, SHOWN), `  … and ${lines.length - SHOWN} more`];
}

function actionLines({ actions }: Explanation): readonly string[] {
  return actions.length === 0
    ? ['  nothing']
    : actions.flatMap(({ what, because }) => [
        `  ${what}`,
        ...because.map(({ rule, clause, evidence }) => `      ${label(clause, rule)}: ${evidence}`),
      ]);
}

function label(clause: string, rule: string): string {
  return clause === '' ? rule : `${clause} ${rule}`;
}

function evidenceOf(evidence: readonly Evidence[]): string {
  return evidence.length === 0
    ? ''
    : `: ${evidence.map(({ where, quote }) => `${where} «${shortened(quote)}»`).join('; ')}`;
}

function shortened(quote: string): string {
  const letters = [...quote];
  return letters.length <= 120 ? quote : `${letters.slice(0, 119).join('')}…`;
}
