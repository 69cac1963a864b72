import type { DateTime } from 'luxon';
import type { Evidence } from '../domain/criterion.ts';
import type { Decision } from '../domain/decide.ts';
import type { ExplainedRefusal, ExplainedStage, Explanation } from './explanation.ts';
import { forPeople, lengthOf } from './moments.ts';

type Unsummed = Omit<Explanation, 'summary'>;

const names = {
  reaction: 'the reaction',
  diagnosis: 'the diagnosis',
  workaround: 'the workaround or answer',
  resolution: 'the permanent solution',
} as const;

/** The decision in the sentences of a shift leader: priority, T0, terms, issue, what comes next. */
export function summarise(explained: Unsummed, decision: Decision, at: DateTime): readonly string[] {
  return [
    ...foreignSentences(explained),
    ...prioritySentence(explained),
    ...termSentences(explained, at),
    ...returnSentence(explained),
    ...approvalSentence(explained),
    ...issueSentence(explained),
    ...linkedSentences(explained),
    ...explained.refused.map(refusalSentence),
    ...(explained.isPast ? [] : [actionSentence(explained, decision)]),
  ];
}

/** A ticket of another team's service, from its first moment on (R14). */
function foreignSentences({ ticket: { service, openedFor }, terms }: Unsummed): readonly string[] {
  if (terms !== undefined) {
    return [];
  }

  const what = service === undefined ? 'it has no service' : `its service is «${service}»`;
  return openedFor === undefined
    ? [`The rules leave it alone (R14): ${what}.`]
    : [`It was opened for ${openedFor} and is carried together with that ticket (R71): ${what}.`];
}

function prioritySentence({ priority }: Unsummed): readonly string[] {
  if (priority === undefined) {
    return [];
  }

  const words = priority.criteria.find(({ rule }) => rule === priority.rule)?.quote;
  const why = `${priority.clause} ${words === undefined ? priority.rule : `«${words}»`}${because(priority.evidence)}`;
  if (priority.needsTriage) {
    return [
      `Priority «${priority.inForce}» rests on the agent: no criterion of the regulation is met, and the default is «${priority.byCriteria}» (${priority.clause}).`,
    ];
  }
  return [
    priority.agrees
      ? `Priority «${priority.inForce}», as the criteria demand: ${why}.`
      : `Priority «${priority.inForce}» was chosen in OTRS and stands; the criteria demand «${priority.byCriteria}»: ${why}.`,
  ];
}

function termSentences({ terms, information }: Unsummed, at: DateTime): readonly string[] {
  if (terms === undefined) {
    return [];
  }

  const start =
    terms.t0 === undefined
      ? [
          `The terms after the reaction have not begun (R17): ${sentence(information?.because ?? 'information is missing')}`,
        ]
      : [`T0 is ${forPeople(terms.t0)} (R17). ${sentence(information?.because ?? '')}`.trimEnd()];
  const pause = terms.suspensions.find(({ to, why }) => to === undefined && why === 'requester');
  const standing: Record<string, string | undefined> = {
    closed: closedSentence(terms.stages),
    left: leftSentence(terms),
    merged: 'The ticket was merged into another one; its clock stands.',
    'no-targets': 'The priority has no row in Table 4, so there are no deadlines.',
  };
  const open = terms.stages.filter(({ done }) => done === undefined);
  const late = terms.stages.filter(({ standing: stage }) => stage === 'late' || stage === 'done late');
  return [
    ...start,
    ...(pause === undefined
      ? []
      : [`The clock is paused since ${forPeople(pause.from)} (${pause.clause}): ${pause.begunBy} asks the requester.`]),
    ...(terms.standstill === undefined ? [] : [standing[terms.standstill] ?? '']),
    ...(late.length === 0 ? [] : [`Late: ${late.map(lateness).join('; ')}.`]),
    ...(terms.standstill === undefined ? nextSentence(open, at) : []),
  ];
}

function leftSentence({ suspensions }: NonNullable<Unsummed['terms']>): string {
  const away = suspensions.findLast(({ why, to }) => why === 'elsewhere' && to === undefined);
  return away === undefined
    ? 'The ticket is with another service; its clock stands (R43).'
    : `The ticket is with another service since ${forPeople(away.from)}, and its clock stands (R43): ${away.begunBy}; ${away.reason === undefined ? 'nobody said why' : `the reason stands in ${away.reason}`}.`;
}

/** «It came back twice», with the reason of the last time. */
function returnSentence({ assignments: { returns } }: Unsummed): readonly string[] {
  const last = returns.at(-1);
  if (last === undefined) {
    return [];
  }

  const clauses = [...new Set(last.signs.map(({ clause }) => clause))].join(', ');
  const often = returns.length === 1 ? 'was returned' : `was returned ${returns.length} times, the last time`;
  const why = last.reason === undefined ? 'no reason was given' : `the reason stands in ${last.reason.evidence}`;
  return [`It ${often} ${forPeople(last.at)} (${clauses}): ${why}.`];
}

/** When it was closed, against the deadline of the permanent solution. */
function closedSentence(stages: readonly ExplainedStage[]): string {
  const resolution = stages.find(({ stage }) => stage === 'resolution');
  if (resolution?.done === undefined) {
    return 'It is closed.';
  }

  const closed = `It was closed ${forPeople(resolution.done.at)}`;
  return resolution.due === undefined
    ? `${closed}.`
    : `${closed}, ${resolution.standing}: the permanent solution was due ${forPeople(resolution.due)} (${resolution.term ?? ''}, ${resolution.clause ?? ''}).`;
}

function lateness({ stage, due, done, lateByMinutes = 0 }: ExplainedStage): string {
  const by = lengthOf(lateByMinutes * 60_000);
  return `${names[stage]} was due ${due === undefined ? '' : forPeople(due)} and ${done === undefined ? `is ${by} late` : `came ${by} late`}`;
}

function nextSentence(open: readonly ExplainedStage[], at: DateTime): readonly string[] {
  const next = open.find(({ standing }) => standing !== 'late');
  if (next === undefined) {
    return [];
  }
  if (next.due === undefined) {
    return next.uncoveredYear === undefined
      ? []
      : [`No calendar covers ${next.uncoveredYear}, so ${names[next.stage]} has no deadline.`];
  }

  const provisional = next.provisionalYears === undefined ? '' : ', provisional until the decree for that year';
  const left = lengthOf(Date.parse(next.due) - at.toMillis());
  return [
    next.ifResumedNow
      ? `If it resumed now, ${names[next.stage]} would be due ${forPeople(next.due)} (${next.term}, ${next.clause}${provisional}).`
      : `Next, ${names[next.stage]} is due ${forPeople(next.due)} (${next.term}, ${next.clause}${provisional}): ${left} from now.`,
  ];
}

function issueSentence({ ticket, terms, escalation }: Unsummed): readonly string[] {
  if (ticket.issue !== undefined) {
    const { key, status, resolution } = ticket.issue;
    return [`Its issue ${key} is «${status}»${resolution === undefined ? '' : ` with resolution «${resolution}»`}.`];
  }
  if (terms === undefined) {
    return [];
  }

  const met = escalation.find((rule) => rule.met);
  return [
    met === undefined
      ? 'It has no issue: no rule of escalation is met (R50).'
      : `It has no issue yet; ${met.clause} ${met.rule} is met.`,
  ];
}

function approvalSentence({ approval }: Unsummed): readonly string[] {
  switch (approval?.status) {
    case undefined:
      return [];
    case 'approved':
      return [`It is approved (${approval.clause}).`];
    case 'refused':
      return [`Its approval was refused (${approval.clause}): ${sentence(approval.refusal ?? '')}`];
    case 'unknown':
      return [`Nobody can approve it (${approval.clause}): the requester's branch is not known.`];
    case 'waiting': {
      const step = approval.steps.find(({ doneAt }) => doneAt === undefined);
      const people = step?.awaited.map(({ name }) => name).join(', ') ?? '';
      const since = approval.waitingSince === undefined ? '' : ` since ${forPeople(approval.waitingSince)}`;
      return [`Its approval waits${since} for ${people} (${step?.clause ?? approval.clause}).`];
    }
  }
}

function linkedSentences({ linked }: Unsummed): readonly string[] {
  return linked.map(({ title, role, clause, standing, number, state, lacks }) => {
    const subject = role === 'task' ? `Its task for ${title}` : `Its ticket for ${title}`;
    const missing = lacks.map((each) => `«${each.name}» (${each.clause})`).join(', ');
    const told: Record<typeof standing, string> = {
      open: `${subject}, ${number}, is «${state}» (${clause}).`,
      done: `${subject}, ${number}, is done: «${state}» (${clause}).`,
      'not seen': `${subject}, ${number}, is not shown to the bridge any more (${clause}).`,
      'not read': `${subject} is ${number}, and could not be read now (${clause}).`,
      wanted:
        missing === ''
          ? `${subject} is not opened yet (${clause}).`
          : `${subject} cannot be opened (${clause}): ${missing} is missing.`,
    };
    return told[standing];
  });
}

/** The list of dead letters has the advice. */
function refusalSentence({ what, at, code, message }: ExplainedRefusal): string {
  const answer = message === undefined ? '' : ` ${sentence(message)}`;
  return `Refused ${forPeople(at)} (${code}; \`bridge dead-letters\` tells what to do): ${sentence(what)}${answer}`;
}

function actionSentence({ actions, refused, zone }: Unsummed, { lookAgainAt: next }: Decision): string {
  if (actions.length === 0) {
    const nothing = refused.length === 0 ? 'Nothing is left to do' : 'Nothing else is left to do';
    return next === undefined
      ? `${nothing}.`
      : `${nothing}; time alone asks for another look ${forPeople(next.setZone(zone).toISO() ?? '')}.`;
  }

  return `What would follow: ${actions.map(({ what }) => what).join('; ')}.`;
}

/** With one full stop at the end. */
function sentence(text: string): string {
  return text === '' || /[.?!…]$/.test(text) ? text : `${text}.`;
}

function because(evidence: readonly Evidence[]): string {
  return evidence.length === 0 ? '' : ` (${evidence.map(({ where, quote }) => `${where}: «${quote}»`).join('; ')})`;
}
