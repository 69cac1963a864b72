/** JIRA says no: an HTTP status with texts and, by field id, what is wrong with a field. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly messages: readonly string[];
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, messages: readonly string[], fields: Readonly<Record<string, string>> = {}) {
    super([...messages, ...Object.values(fields)].join(' '));
    this.status = status;
    this.messages = messages;
    this.fields = fields;
  }
}

export function fieldRefusal(fields: Readonly<Record<string, string>>): Refusal {
  return new Refusal(400, [], fields);
}

/** Also the answer for what the account may not see: JIRA does not tell the two apart. */
export function noIssue(): Refusal {
  return new Refusal(404, ['Issue Does Not Exist']);
}
