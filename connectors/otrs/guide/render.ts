import type { ExpectedName } from '../../../src/connector.ts';
import type { GuideField, GuideQueue, OtrsGuide } from './guide.ts';

/** The guide as Markdown for the administrator of OTRS. */
export function renderGuide(guide: OtrsGuide): string {
  const sections = [
    before(guide),
    agent(guide),
    fields(guide.dynamicFields),
    states(guide),
    queues(guide.ticketQueues),
    names(guide),
    webService(guide),
    telling(),
    after(guide),
    unknown(guide),
  ];
  return `# Setting up OTRS for the bridge\n\nMade from the bridge's configuration and mappings: make it anew when they change.\n\n${sections
    .filter((section) => section !== '')
    .join('\n\n')}\n`;
}

function before({ settings, webService: { provesItselfBy, operations } }: OtrsGuide): string {
  const uses = [
    ...(provesItselfBy === 'signature' ? ['its notifier sends the signed events'] : []),
    ...(operations.some(({ needs }) => needs === 'addon') ? ['its operation links tickets'] : []),
  ];
  return section('Before you start', [
    'The OTRS daemon runs (`bin/otrs.Daemon.pl status`): without it no webhook goes out.',
    'The Perl module `REST::Client` is installed (Debian: `librest-client-perl`): without it a REST web service closes every connection without an answer.',
    ...(uses.length === 0
      ? []
      : [`The add-on package is installed (\`npm run addon\`, *Admin > Package Manager*): ${uses.join(', and ')}.`]),
    '*Admin > System Configuration*:',
    table(
      ['Setting', 'Value', 'Why'],
      settings.map(({ name, value, why }) => [code(name), code(value), why]),
    ),
  ]);
}

function agent({ agent: { login, userId } }: OtrsGuide): string {
  const known =
    userId === undefined ? '`bridge check` tells its user id.' : `Its user id must be ${userId} (otrs.user_id).`;
  return section('Agent', [
    `*Admin > Agents > Add agent*: login ${code(login)}, a long random password, a valid e-mail address; no role, no admin screens. ${known}`,
    '*Admin > Agents ↔ Groups*: **rw** on the group of every ticket queue below, nothing on any other. rw holds all other permissions (move into, create, note, owner, priority).',
  ]);
}

function fields(list: readonly GuideField[]): string {
  return section('Dynamic fields', [
    '*Admin > Dynamic Fields*. The name is what counts, labels are for people.',
    table(
      ['Object', 'Name', 'Type', 'Keys', 'Written by', 'In the rules'],
      list.map(({ object, name, logical, types, keys, writtenBy, at }) => [
        object,
        code(name),
        typesOf(types),
        keys.map(code).join(' '),
        writtenBy === 'bridge' ? 'the bridge alone' : '',
        logical === undefined ? 'a mark of the bridge' : at === '' ? `${code(logical)}, not used` : code(logical),
      ]),
    ),
    'Dropdowns need the possible empty value. What the bridge alone writes belongs into the ticket and in no form.',
    'A field shows where it is switched on: *System Configuration > Ticket::Frontend::AgentTicketZoom###DynamicField*, and the same setting of the screens in which agents fill it in.',
  ]);
}

function typesOf([best = '', ...others]: readonly string[]): string {
  return others.length === 0 ? best : `${best} (or ${others.join(', ')})`;
}

function states({ states }: OtrsGuide): string {
  return section('States', [
    '*Admin > States*.',
    table(
      ['State', 'Type', 'In the rules'],
      states.map(({ name, types, at }) => [code(name), typesOf(types), firstOf(at)]),
    ),
  ]);
}

function queues(list: readonly GuideQueue[]): string {
  return section('Ticket queues', [
    '*Admin > Queues*. Full names: `A::B` is the queue `B` below `A`.',
    table(
      ['Ticket queue', 'Permission of the agent', 'Use'],
      list.map(({ name, permission, uses }) => [code(name), permission, uses.join(', ')]),
    ),
  ]);
}

function names({ services, types, priorities, owners }: OtrsGuide): string {
  const rows: readonly (readonly [string, string, readonly ExpectedName[]])[] = [
    ['Services', 'Admin > Services; open them to the customers under Customer Users ↔ Services', services],
    ['Types', 'Admin > Types', types],
    ['Priorities', 'Admin > Priorities', priorities],
    ['Logins of agents', 'Admin > Agents', owners],
  ];
  return section('Services, types, priorities, agents', [
    table(
      ['What', 'Where', 'Names'],
      rows
        .filter(([, , list]) => list.length > 0)
        .map(([what, where, list]) => [what, where, list.map(({ name }) => code(name)).join(', ')]),
    ),
  ]);
}

function webService({ webService: service }: OtrsGuide): string {
  const { name, address, transport, operations, events, sendsTo, provesItselfBy } = service;
  const proofs = {
    header: 'with the shared secret in a header',
    basic: 'with basic authentication',
    signature: 'by the notifier of the add-on package, signed',
    nothing: 'with nothing that proves them genuine',
  };
  return section('Web service', [
    `\`bridge otrs setup-guide --web-service FILE\` writes the file to import, with the secret in it: *Admin > Web Services > Add Web Service > Import Web Service*, name ${code(name)}; or, as the user that owns OTRS, \`bin/otrs.Console.pl Admin::WebService::Add --name ${name} --source-path FILE\`. Delete the file afterwards.`,
    `The bridge calls ${code(address)} over ${transport.toUpperCase()}:`,
    table(
      ['Operation', 'Route'],
      operations.map((each) => [code(each.name), transport === 'rest' ? code(`${each.method} ${each.route}`) : 'none']),
    ),
    `Webhooks go to ${sendsTo === undefined ? 'the bridge' : code(sendsTo)}, ${proofs[provesItselfBy]}, through the daemon, so no agent waits. What fails is tried again for a day.`,
    ...(events.length === 0 ? [] : [`They tell of ${events.map(code).join(', ')}.`]),
    '`DebugThreshold` stays at `error`: `debug` keeps every body in the database.',
  ]);
}

function telling(): string {
  return section('Notifications', [
    'The bridge writes articles as notes that mail nobody. Where requesters do not look into the customer pages, add a notification for `ArticleCreate` (*Admin > Ticket Notifications*) to the customer, for articles that are visible to the customer.',
    'Switch the notifications of the bridge’s agent off: nobody reads its mail.',
  ]);
}

function after({ agent: { login } }: OtrsGuide): string {
  return section('Check', [
    '`bridge check` proves all of this from outside and changes nothing.',
    '`bridge check --round-trip NUMBER` waits for the webhook of a change that you make to that ticket while the bridge runs.',
    `Change a ticket as ${code(login)}: no webhook may come.`,
  ]);
}

function unknown({ unknown: list }: OtrsGuide): string {
  return list.length === 0 ? '' : section('What this guide cannot know', [list.map((line) => `- ${line}`).join('\n')]);
}

function section(title: string, parts: readonly string[]): string {
  return `## ${title}\n\n${parts.join('\n\n')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A name may hold whatever an administrator typed. */
function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return text === '' ? '' : `${fence}${text}${fence}`;
}

function firstOf(at: string): string {
  return at.split(', ')[0] ?? '';
}
