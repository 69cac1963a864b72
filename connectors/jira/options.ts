import { z } from 'zod';
import { type DialectName, dialectNames } from './dialect.ts';

/** How a value of the core is written into a field of an issue, and read back. */
export const fieldKinds = [
  'wiki',
  'text',
  'line',
  'option',
  'options',
  'named',
  'names',
  'user',
  'strings',
  'date',
  'moment',
] as const;

export type FieldKind = (typeof fieldKinds)[number];

/** Kinds of JIRA's own fields; a custom field is `wiki` unless `field_kinds` says otherwise. */
const systemFieldKinds: Readonly<Record<string, FieldKind>> = {
  summary: 'line',
  description: 'wiki',
  environment: 'wiki',
  priority: 'named',
  assignee: 'user',
  reporter: 'user',
  components: 'names',
  versions: 'names',
  fixVersions: 'names',
  labels: 'strings',
  duedate: 'date',
};

const restriction = z
  .object({
    type: z.enum(['role', 'group']).describe('Whether `name` is a project role or a group.'),
    name: z.string().min(1).describe('Name of the role or group whose members may read internal comments.'),
  })
  .strict();

/** The section of the configuration that connects a JIRA, Data Center or Cloud. */
export const jiraOptions = z
  .object({
    base_url: z
      .url({ protocol: /^https?$/u })
      .transform((url) => url.replace(/\/+$/u, ''))
      .describe(
        'Address of JIRA as people open it, with its context path, e.g. `https://jira.example.test/jira` or `https://example.atlassian.net`.',
      ),
    dialect: z
      .enum(['auto', ...dialectNames])
      .default('auto')
      .describe(
        'What JIRA speaks: `datacenter` (8.14 to 11) or `cloud`. With `auto` the first call asks it (`/serverInfo`).',
      ),
    email: z
      .email()
      .optional()
      .describe('Cloud only: e-mail address of the account, which goes with its API token in `token`.'),
    token: z.string().min(1).optional().meta({
      description:
        'Data Center: personal access token of the account, needed from JIRA 11 on, where passwords are off by default. Cloud: API token, together with `email`.',
      secret: true,
    }),
    login: z
      .string()
      .min(1)
      .optional()
      .describe('Data Center only: user name, where a password is used instead of a token.'),
    password: z.string().min(1).optional().meta({ description: 'Password that belongs to `login`.', secret: true }),
    account: z
      .string()
      .min(1)
      .describe(
        'The account that the bridge works under: its user name in Data Center, its account id in Cloud. No person and no other tool may use it: its changes are taken for the bridge’s own.',
      ),
    projects: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/u, 'expected a project key in capitals, e.g. OSSTTMB2B'))
      .min(1)
      .describe('Keys of the projects whose issues are watched.'),
    fields: z
      .record(z.string(), z.string().min(1))
      .default({
        solution: 'customfield_10200',
        configuration_item: 'components',
        fix_versions: 'fixVersions',
        due_date: 'duedate',
        due_at: 'customfield_10300',
        ticket_owner: 'customfield_10700',
      })
      .describe(
        'Logical field name of the mappings -> id of the field in JIRA. Replaces the default as a whole. With `fixVersions` among them, `released_versions` holds those that are released.',
      ),
    field_kinds: z
      .record(z.string(), z.enum(fieldKinds))
      .default({ customfield_10300: 'moment', customfield_10700: 'line' })
      .describe(
        'Field id -> kind, where it cannot be told from the id: `wiki` (rendered text, the default of custom fields), `text` (plain), `line` (plain, one line), `option` and `options` (choices), `named` and `names` (things with a name), `user` (a person: user name, in Cloud account id), `strings` (labels), `date` (a day), `moment` (date and time).',
      ),
    internal_comments: restriction
      .optional()
      .describe(
        'Who may read a comment that must not become public. Without it the bridge refuses to write internal comments.',
      ),
    label_prefix: z
      .string()
      .regex(/^[^\s"\\]+$/u, 'expected no spaces, quotes and backslashes')
      .default('otrs-')
      .describe('Start of the label that marks an issue as opened for a ticket; the ticket number follows.'),
    marker: z
      .object({
        find_by: z
          .enum(['label', 'field', 'summary'])
          .default('label')
          .describe(
            'Where an issue shows the number of its ticket, so that a search finds it: `label`, a text `field`, or as a last resort the beginning of the `summary`.',
          ),
        field: z
          .string()
          .regex(/^customfield_\d+$/u, 'expected the id of a custom field, e.g. customfield_10400')
          .optional()
          .describe('Id of the text field, for `find_by: field`. No person may write into it.'),
      })
      .strict()
      .refine(({ find_by, field }) => (find_by === 'field') === (field !== undefined), {
        path: ['field'],
        message: 'goes with `find_by: field`, and `find_by: field` needs it',
      })
      .prefault({})
      .describe(
        'How an issue is found again whose creation was never answered. The place has to be on the create screen; the entity property proves what a search finds.',
      ),
    fields_not_on_screen: z
      .enum(['leave_out', 'refuse'])
      .default('leave_out')
      .describe(
        'What becomes of an optional field that the create screen does not show: the issue is opened without it, which is logged and written into the audit, or no issue is opened until the screen shows it.',
      ),
    marker_property: z
      .string()
      .regex(/^[\w.-]{1,255}$/u, 'expected letters, digits, dots, hyphens')
      .default('otrs-jira-bridge')
      .describe(
        'Key of the entity property that marks what the bridge has written. Keep it for the life of the installation.',
      ),
    text_limit: z
      .number()
      .int()
      .min(1_000)
      .default(32_767)
      .describe(
        'Longest text in characters that JIRA accepts (`jira.text.field.character.limit`); longer ones are cut with a note.',
      ),
    cut_note: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\n\r]*$/u, 'expected one line')
      .default('… (текст сокращён, полностью он есть во вложении)')
      .describe(
        'Last line of a text that was cut. The bridge recognises its own cut texts by it: after a change, older ones count as whole.',
      ),
    bmp_only: z
      .boolean()
      .default(false)
      .describe(
        'Whether emoji and other characters above U+FFFF are replaced in everything that is written. Needed where JIRA stands on a MySQL with the character set `utf8`, which refuses them.',
      ),
    settle_seconds: z
      .number()
      .min(0)
      .default(180)
      .describe(
        'Seconds after which the search index of every node is trusted to show a new issue. Before that, an issue that is not found is not taken for absent.',
      ),
    timeout_seconds: z.number().positive().max(600).default(20).describe('Longest time of one call in seconds.'),
    file_kilobytes_per_second: z
      .number()
      .positive()
      .default(512)
      .describe('Slowest rate at which a file may travel: a call with a file may take longer by its size.'),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe(
        'Most calls to JIRA at a time. More than 4 rarely make it faster. Beside a single one, a file may travel.',
      ),
    proxy: z
      .url({ protocol: /^https?$/u })
      .optional()
      .meta({
        description:
          'Address of an HTTP proxy between bridge and JIRA, with a login if it wants one: `http://user:password@proxy:3128`; signs such as `@` in the password are written as `%40`. Variables of the environment such as `HTTPS_PROXY` and `NO_PROXY` are not read.',
        secret: true,
      }),
    ca_file: z.string().min(1).optional().meta({
      description: 'PEM file with the certificate authority of JIRA, in addition to the well-known ones.',
      path: true,
    }),
  })
  .strict()
  .superRefine((options, context) => {
    for (const { path, message } of loginFaults(options)) {
      context.addIssue({ code: 'custom', path: [path], message });
    }
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

export type JiraOptions = z.output<typeof jiraOptions>;

export function kindOf(fieldId: string, options: Pick<JiraOptions, 'field_kinds'>): FieldKind {
  return options.field_kinds[fieldId] ?? systemFieldKinds[fieldId] ?? 'wiki';
}

interface Login {
  readonly dialect: 'auto' | DialectName;
  readonly email?: string | undefined;
  readonly token?: string | undefined;
  readonly login?: string | undefined;
  readonly password?: string | undefined;
}

/** Data Center takes a token, or user name and password; Cloud takes an e-mail address and a token. */
function loginFaults({ dialect, email, token, login, password }: Login): readonly { path: string; message: string }[] {
  const isPassword = login !== undefined || password !== undefined;
  if (dialect === 'cloud' && (email === undefined || token === undefined)) {
    return [{ path: 'dialect', message: 'JIRA Cloud takes `email` and, as `token`, an API token; give both' }];
  }
  if (dialect === 'datacenter' && email !== undefined) {
    return [{ path: 'email', message: 'is for JIRA Cloud; Data Center takes `token`, or `login` and `password`' }];
  }
  if (email !== undefined && (token === undefined || isPassword)) {
    return [{ path: 'email', message: 'goes with `token` (JIRA Cloud), not with `login` and `password`' }];
  }
  if (token !== undefined && isPassword) {
    return [{ path: 'token', message: 'give either `token` or `login` and `password`, not both' }];
  }

  return token === undefined && (login === undefined || password === undefined)
    ? [{ path: 'token', message: 'give `token`, or `login` and `password`' }]
    : [];
}
