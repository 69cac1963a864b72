import { IANAZone } from 'luxon';
import { z } from 'zod';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT';

const operation = (method: Method, route: string, name: string) =>
  z.strictObject({
    method: z.enum(['GET', 'POST', 'PATCH', 'PUT']).default(method).describe('HTTP method of the route.'),
    route: z
      .string()
      .startsWith('/')
      .default(route)
      .describe('Route as the web service defines it; `:TicketID` stands for the ticket.'),
    name: z
      .string()
      .regex(/^[A-Za-z_][\w.-]*$/)
      .default(name)
      .describe('Element of the request over SOAP: the name of the operation as the web service defines it.'),
  });

const needed = (method: Method, route: string, name: string, what: string) =>
  operation(method, route, name)
    .prefault({})
    .describe(`${what} Used as \`${method} ${route}\` and \`${name}\` unless set otherwise.`);

/** An operation that the bridge can do without; `false` says that the installation does not offer it. */
const dispensable = (method: Method, route: string, name: string, what: string) =>
  z
    .union([z.literal(false), operation(method, route, name)])
    .prefault({})
    .describe(
      `${what} Used as \`${method} ${route}\` and \`${name}\` unless set otherwise; \`false\` where OTRS does not offer it.`,
    );

const phase = z.enum(['new', 'open', 'pending', 'done']);

/** Names are those of the sample installation; every one of them can be another. */
export const options = z
  .strictObject({
    base_url: z
      .url({ protocol: /^https?$/, hostname: /.+/, error: 'Not an http or https URL.' })
      .refine(
        (url) => /^[^@?#]*$/.test(url),
        'Only scheme, host, port and path belong here; login and password have options of their own.',
      )
      .transform((url) => url.replace(/\/+$/, ''))
      .describe('Where OTRS lives, up to and including its script alias, e.g. `https://desk.example.test/otrs`.'),
    transport: z
      .enum(['rest', 'soap'])
      .default('rest')
      .describe('What the web service speaks (its network transport): `HTTP::REST` or `HTTP::SOAP`.'),
    interface_path: z
      .string()
      .regex(/^(?:\/[\w.~-]+)+$/, 'A path like /nph-genericinterface.pl.')
      .default('/nph-genericinterface.pl')
      .describe('Script of the generic interface, below `base_url`.'),
    web_service: z
      .string()
      .min(1)
      .default('otrs-jira-bridge')
      .describe('Name of the web service in OTRS (Admin, Web Services) that serves the bridge.'),
    login: z.string().min(1).describe('Login of the agent that the bridge acts as.'),
    password: z.string().min(1).meta({ description: 'Password of that agent.', secret: true }),
    session_in: z
      .enum(['header', 'data'])
      .default('header')
      .describe(
        'Where calls over REST carry the session. OTRS 6 and OTOBO read no header: there it goes with the `data`, which for the method GET is the query, and so the access log of the web server.',
      ),
    soap_namespace: z
      .string()
      .regex(/^[^\s"'<>&]+$/, 'A URI without spaces, quotes, angle brackets and ampersands.')
      .default('http://www.otrs.org/TicketConnector/')
      .describe('Namespace of the web service over SOAP.'),
    user_id: z
      .union([z.string().regex(/^\d+$/), z.number().int().positive()])
      .transform(String)
      .optional()
      .describe(
        'UserID of that agent. With it the bridge recognises its own changes in webhooks; `bridge check` tells the number.',
      ),
    time_zone: z
      .string()
      .refine((zone) => IANAZone.isValidZone(zone), 'Not an IANA time zone. Write it like Europe/Moscow or UTC.')
      .default('UTC')
      .describe('Zone of the times that OTRS writes (its setting `OTRSTimeZone`): its interface never names it.'),
    timeout_seconds: z.number().positive().max(600).default(30).describe('How long to wait for one answer.'),
    file_kilobytes_per_second: z
      .number()
      .positive()
      .default(512)
      .describe('Slowest rate at which a file may travel: a call with files may take longer by their size.'),
    max_file_megabytes: z
      .number()
      .positive()
      .default(70)
      .describe(
        'Largest file that is sent to OTRS. The web service takes requests of 100 MB (`MaxLength`), in which a file takes a third more.',
      ),
    settle_seconds: z
      .number()
      .positive()
      .max(3600)
      .default(120)
      .describe(
        'How long OTRS may go on working on a call whose answer got lost. Only then is an article that cannot be found sent again.',
      ),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe(
        'How many calls may be under way at once. OTRS slows down beyond two to four. Beside a single one, a file may travel.',
      ),
    dynamic_fields: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.string().regex(/^[A-Za-z0-9]+$/))
      .default({
        issue_key: 'JiraKey',
        issue_status: 'JiraStatus',
        issue_url: 'JiraUrl',
        closure_code: 'ClosureCode',
        solution: 'Solution',
        configuration_item: 'ConfigItem',
        need_development: 'NeedDevelopment',
        information: 'InfoComplete',
        diagnosis_done: 'DiagnosisDone',
        workaround: 'Workaround',
        update_installed: 'UpdateInstalled',
        related_system: 'RelatedSystem',
        external_number: 'ExternalNumber',
        return_reason: 'ReturnReason',
        returns: 'Returns',
        approved_by: 'ApprovedBy',
        approval_refused: 'ApprovalRefused',
        approval_status: 'ApprovalStatus',
        need_line_2: 'NeedLine2',
        inherited_start: 'InheritedStart',
        related_tickets: 'RelatedTickets',
        parent_ticket: 'ParentTicket',
        sla_reaction_due: 'SlaReactionDue',
        sla_diagnosis_due: 'SlaDiagnosisDue',
        sla_workaround_due: 'SlaWorkaroundDue',
        sla_resolution_due: 'SlaResolutionDue',
        sla_status: 'SlaStatus',
      })
      .describe(
        'Logical name used in the mappings -> name of the ticket’s dynamic field. Replaces the default as a whole.',
      ),
    checkboxes: z
      .array(z.string())
      .default(['need_development', 'diagnosis_done', 'update_installed', 'need_line_2'])
      .describe('Logical names of the dynamic fields that are checkboxes: an unticked box counts as empty.'),
    moments: z
      .array(z.string())
      .default(['inherited_start', 'sla_reaction_due', 'sla_diagnosis_due', 'sla_workaround_due', 'sla_resolution_due'])
      .describe('Logical names of the dynamic fields that hold date and time.'),
    article_marker_field: z
      .string()
      .regex(/^[A-Za-z0-9]+$/)
      .default('BridgeExternalId')
      .describe('Dynamic field of articles (text) that marks what the bridge wrote.'),
    ticket_marker_field: z
      .string()
      .regex(/^[A-Za-z0-9]+$/)
      .default('BridgeMark')
      .describe('Dynamic field of tickets (text) that marks the tickets that the bridge opened.'),
    phases: z
      .record(z.string(), phase)
      .default({
        new: 'new',
        open: 'open',
        'pending reminder': 'pending',
        'pending auto': 'pending',
        closed: 'done',
        merged: 'done',
        removed: 'done',
      })
      .describe('State type of OTRS -> phase. A type that is not listed counts as open.'),
    articles: z
      .strictObject({
        format: z
          .enum(['plain', 'html'])
          .default('plain')
          .describe('What is written: plain text, or the same as HTML. Articles with files are always plain.'),
        channel: z
          .enum(['Internal', 'Phone', 'Email'])
          .default('Internal')
          .describe('Communication channel. No mail is sent by the article itself in any of them.'),
        sender: z
          .enum(['agent', 'system'])
          .default('agent')
          .describe(
            'Sender type: OTRS itself counts public articles of `agent` as a first response, those of `system` never.',
          ),
      })
      .prefault({})
      .describe('What the articles are that the bridge writes. Who sees them is never a matter of this.'),
    pending_hours: z
      .number()
      .positive()
      .default(72)
      .describe('How far ahead the reminder is set when a ticket is moved into a pending state.'),
    max_text_length: z
      .number()
      .int()
      .min(100)
      .default(3800)
      .describe('Characters that a dynamic field can hold (the database column of OTRS has 3800); longer text is cut.'),
    watch: z
      .strictObject({
        ticket_queues: z.array(z.string().min(1)).default([]).describe('Only tickets in these queues.'),
        services: z.array(z.string().min(1)).default([]).describe('Only tickets of these services.'),
      })
      .prefault({})
      .describe('Which tickets the sweep looks at. Both lists hold together; an empty list does not limit.'),
    operations: z
      .strictObject({
        session_create: needed('POST', '/Session', 'SessionCreate', 'Session::SessionCreate.'),
        session_get: dispensable(
          'GET',
          '/Session/:SessionID',
          'SessionGet',
          'Session::SessionGet, called by `bridge check` only.',
        ),
        ticket_get: needed('GET', '/Ticket/:TicketID', 'TicketGet', 'Ticket::TicketGet.'),
        ticket_history: dispensable(
          'GET',
          '/TicketHistory/:TicketID',
          'TicketHistoryGet',
          'Ticket::TicketHistoryGet. Without it nobody knows who changed a ticket and when: deadlines rest on the present state alone.',
        ),
        ticket_create: needed('POST', '/Ticket', 'TicketCreate', 'Ticket::TicketCreate.'),
        ticket_update: needed('PATCH', '/Ticket/:TicketID', 'TicketUpdate', 'Ticket::TicketUpdate.'),
        ticket_search: needed('POST', '/TicketSearch', 'TicketSearch', 'Ticket::TicketSearch.'),
        link_add: operation('POST', '/TicketLink', 'LinkAdd')
          .optional()
          .describe(
            'OtrsJiraBridge::LinkAdd of the add-on package, which links tickets; `{}` for `POST /TicketLink` and `LinkAdd`. Without it no ticket is linked.',
          ),
      })
      .prefault({})
      .describe('Method, route and name of each operation of the web service.'),
  })
  .superRefine(({ settle_seconds, timeout_seconds }, context) => {
    if (settle_seconds < 2 * timeout_seconds) {
      context.addIssue({
        code: 'custom',
        path: ['settle_seconds'],
        message: 'must be at least twice `timeout_seconds`: a call that took too long may still be at work',
      });
    }
  });

export type OtrsOptions = z.output<typeof options>;
export type OperationName = keyof OtrsOptions['operations'];
