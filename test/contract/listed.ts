import type { Difference } from './differences.ts';

const KNOWN_ABOUT_SESSIONS = ['UserFullname', 'UserLogin'];
const TIMES = /^(?:FirstResponse|FirstLock|Closed|SolutionInMin|SolutionDiffInMin|FirstResponse(?:Diff)?InMin)$/;
const REFERENCE_DATA =
  /^(?:CustomerCompany|CustomerUser|(?:CreateBy|Owner|Priority|Queue|Responsible|SLA|Service|Type)Data)$/;

/** All differences between the sandbox and a real Znuny 6.5 that are meant. */
export const listed: readonly Difference[] = [
  {
    what: 'preferences of the agent in SessionGet',
    reason: 'The bridge asks a session for the id of its user only, and an id is another one in each help desk.',
    steps: /a session tells whose it is$/,
    without: (answer) =>
      withoutRecords(answer, ({ Key }) => Key !== undefined && !KNOWN_ABOUT_SESSIONS.includes(String(Key))),
  },
  {
    what: 'times of reactions and solutions',
    reason: 'Nothing reads them; they come with Extended, which the bridge does not ask for, and in whole tickets.',
    steps: /a ticket with its times$|webhooks of Ticket::Generic$/,
    without: (answer) => withoutKeys(answer, TIMES),
  },
  {
    what: 'what there is to know about queue, priority, people and so on in Ticket::Generic',
    reason: 'The bridge reads event and ticket id from a webhook, whatever else it holds.',
    steps: /webhooks of Ticket::Generic$/,
    without: (answer) => withoutKeys(answer, REFERENCE_DATA),
  },
  {
    what: 'the ticket as it was before, in events',
    reason: 'The bridge reads the history instead: it names all changes with their authors.',
    steps: /webhooks of /,
    without: (answer) => withoutKeys(answer, /^OldTicketData$/),
  },
];

function withoutKeys(value: unknown, keys: RegExp): unknown {
  if (typeof value === 'string') {
    const [, name = ''] = /^<(\w+)>[^<]*<\/\1>$/.exec(value) ?? [];
    return keys.test(name) ? undefined : value;
  }

  if (Array.isArray(value)) {
    return value.map((each) => withoutKeys(each, keys)).filter((each) => each !== undefined);
  }

  if (typeof value !== 'object' || value === null) {
    return value;
  }

  const left = Object.entries(value).filter(([key]) => !keys.test(key));
  return Object.fromEntries(left.map(([key, each]) => [key, withoutKeys(each, keys)]));
}

/** Without the records of lists that `isMeant` tells; over SOAP, without their elements. */
function withoutRecords(answer: unknown, isMeant: (record: Readonly<Record<string, unknown>>) => boolean): unknown {
  if (Array.isArray(answer) && answer.every((each) => typeof each === 'string')) {
    const text = answer
      .join('\n')
      .replaceAll(/<SessionData>\n<Key>(\w+)<\/Key>\n.*?<\/SessionData>\n/gs, (element, Key: string) =>
        isMeant({ Key }) ? '' : element,
      );
    return text.split('\n');
  }

  if (Array.isArray(answer)) {
    return answer.filter((each) => !isMeant(each)).map((each) => withoutRecords(each, isMeant));
  }

  return typeof answer === 'object' && answer !== null
    ? Object.fromEntries(Object.entries(answer).map(([key, each]) => [key, withoutRecords(each, isMeant)]))
    : answer;
}
