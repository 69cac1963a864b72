/**
 * What happens to a ticket after an error: `again` tries later and counts an attempt; `outage` waits for the system to
 * come back and counts none; `in-doubt` may have taken effect and must be looked up; `dead` needs a person or new facts;
 * `parked` waits, with all others of its kind, until an administrator mends what every one of them fails at, and counts
 * no attempt.
 */
export type Disposition = 'again' | 'outage' | 'in-doubt' | 'dead' | 'parked';

interface Entry {
  readonly disposition: Disposition;
  /** What the person who reads the error should do. */
  readonly help: string;
}

/** Every code the bridge can report. `docs/errors.md` is generated from it. */
export const catalogue = {
  SYSTEM_UNREACHABLE: {
    disposition: 'outage',
    help: 'The system does not answer. Tickets wait; nothing is lost. Check that it runs and that the network lets the bridge through.',
  },
  SYSTEM_FAILING: {
    disposition: 'outage',
    help: 'The system answers with a server error or is in maintenance. Tickets wait; look at the log of that system.',
  },
  LOGIN_REFUSED: {
    disposition: 'outage',
    help: 'The system refuses the bridge’s login. Tickets wait. Check login, password or token in the configuration; a CAPTCHA lock must be lifted by that system’s administrator.',
  },
  RATE_LIMITED: {
    disposition: 'again',
    help: 'The system asked the bridge to slow down. The call was not executed and is repeated at the time that the system named.',
  },
  OUTCOME_UNKNOWN: {
    disposition: 'in-doubt',
    help: 'The connection broke after a write was sent. The bridge looks the effect up before it sends again.',
  },
  EFFECT_SETTLING: {
    disposition: 'again',
    help: 'An earlier try may still be under way in the system. Nothing is sent until it is sure to be over; the bridge then looks again.',
  },
  STILL_IN_DOUBT: {
    disposition: 'dead',
    help: 'It could not be found out whether the action took effect. Look in the system by hand. The bridge does not send it again by itself.',
  },
  ANSWER_UNREADABLE: {
    disposition: 'again',
    help: 'The system answered with something that is not what its interface promises, often a login page of a proxy. Check the base URL and what stands between.',
  },
  RECORD_NOT_READABLE: {
    disposition: 'dead',
    help: 'The record does not exist or the bridge’s account may not read it. Give the account read permission; the bridge looks again when something happens, after an hour, and then less and less often. If the record was deleted there is nothing to do.',
  },
  REFUSED: {
    disposition: 'dead',
    help: 'The system refused the call for good; the message names the field and the reason. Mend the mapping or the system. The bridge tries again when something changes in the ticket, at most every quarter of an hour.',
  },
  NOT_PERMITTED: {
    disposition: 'dead',
    help: 'The bridge’s account lacks a permission in that system. Grant it. The bridge tries again when something changes in the ticket, at most every quarter of an hour.',
  },
  SCREEN_UNSUITABLE: {
    disposition: 'parked',
    help: 'The screen on which JIRA creates issues demands a field that the mapping does not fill, or lacks one that the bridge needs; the message names it. All tickets that this mapping opens issues for wait and spend no attempt. Fill the field in the mapping, give it a default or make it optional in JIRA, or put what is lacking on the screen; the bridge notices within some minutes.',
  },
  FILE_REFUSED: {
    disposition: 'dead',
    help: 'The file may not be carried: its content is not what its name says, it is larger than the other system takes, or it is gone. The message says which; the ticket names it in a note.',
  },
  SPOOL_UNAVAILABLE: {
    disposition: 'again',
    help: 'The bridge cannot keep a file on its own disk while it carries it. Make room in the folder that the message names, or set `files.folder` to another one.',
  },
  WEBHOOK_UNREADABLE: {
    disposition: 'dead',
    help: 'The body of a webhook is not what the sender’s interface promises. Check the web service definition on the sending side.',
  },
  MESSAGE_UNREADABLE: {
    disposition: 'dead',
    help: 'A message on the broker is not a CloudEvent of this bridge; docs/messages.yaml describes the format. Mend whoever publishes it; then edit the body and replay the letter, or discard it.',
  },
  ATTEMPTS_EXHAUSTED: {
    disposition: 'dead',
    help: 'The action failed too often. The last answer is in the message; mend the cause. The bridge tries again when something changes in the ticket, at most every quarter of an hour.',
  },
  CONFIGURATION_INVALID: {
    disposition: 'dead',
    help: 'The configuration or a mapping has faults; each is listed with file, line and column.',
  },
  CASE_INVALID: {
    disposition: 'dead',
    help: 'The command line, or a case for `bridge deadlines`, cannot be used; the message names the value and the reason. `--help` of the command shows the form.',
  },
  SNAPSHOT_INVALID: {
    disposition: 'dead',
    help: 'The facts about a ticket cannot be read; the message names the field and what is expected. docs/schemas/snapshot.json describes the form.',
  },
  FILE_UNUSABLE: {
    disposition: 'dead',
    help: 'The file that the command line names cannot be used. Check its name, its folder and the permissions.',
  },
  REHEARSED: {
    disposition: 'dead',
    help: 'No fault: a dry run ended here, before something would have been written.',
  },
  LETTER_UNKNOWN: {
    disposition: 'dead',
    help: 'No dead letter, or more than one, or no job, has an id that begins so. `bridge dead-letters list --state all` and `bridge dead-letters jobs` show them.',
  },
  LETTER_TAKEN: {
    disposition: 'dead',
    help: 'Somebody was faster, or the letter is in a state in which this cannot be done; the message says who did what and when. `bridge dead-letters show` tells how a letter stands now, `bridge dead-letters jobs` how a job does.',
  },
  LETTER_UNUSABLE: {
    disposition: 'dead',
    help: 'This cannot be done with this letter; the message names the reason, and of an edited action the field and what is expected there.',
  },
  STORE_UNAVAILABLE: {
    disposition: 'outage',
    help: 'The database does not answer. Check store.* in the configuration and the database itself.',
  },
  BACKUP_REFUSED: {
    disposition: 'dead',
    help: 'Nothing was changed. The message says what is in the way; docs/operations.md tells how to back up and to restore.',
  },
  STORE_IN_USE: {
    disposition: 'dead',
    help: 'Another process has this SQLite file open. SQLite serves one process: stop the other one, or use PostgreSQL for several instances.',
  },
  STORE_OUTDATED: {
    disposition: 'dead',
    help: 'The database schema does not fit this version of the bridge. Run `bridge migrate`.',
  },
  LEASE_LOST: {
    disposition: 'again',
    help: 'Another worker took the ticket over because this one held it for too long. Nothing was written twice. If it happens often, raise the lease or look for a process that stands still.',
  },
  BROKER_UNAVAILABLE: {
    disposition: 'outage',
    help: 'RabbitMQ does not confirm. Webhooks are taken straight into the store meanwhile.',
  },
  ADDRESS_UNAVAILABLE: {
    disposition: 'dead',
    help: 'The bridge cannot listen on http.host and http.port of the configuration. Stop the program that has the port, or choose another address.',
  },
  INTERNAL: {
    disposition: 'again',
    help: 'A fault of the bridge itself. Please report it with the log line.',
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type ErrorCode = keyof typeof catalogue;

export interface BridgeErrorOptions {
  readonly cause?: unknown;
  /** Overrides the catalogue where the same code can end differently, e.g. a 503 to a write. */
  readonly disposition?: Disposition;
  /** Milliseconds that the system asked to wait. */
  readonly retryAfterMs?: number;
  /** The system that is away and was not even asked. */
  readonly waitsFor?: string;
  /** Facts for the dead letter: request, answer, field. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error type of the bridge. Anything else that is thrown is a bug and is reported as `INTERNAL`. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: ErrorCode;
  readonly disposition: Disposition;
  readonly retryAfterMs: number | undefined;
  readonly waitsFor: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: BridgeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.disposition = options.disposition ?? catalogue[code].disposition;
    this.retryAfterMs = options.retryAfterMs;
    this.waitsFor = options.waitsFor;
    this.details = options.details ?? {};
  }

  get help(): string {
    return catalogue[this.code].help;
  }
}

/** What happened and what to do about it, as whole sentences on one line. */
export function explain({ message, help }: BridgeError): string {
  return `${toSentence(message)} ${help}`;
}

/** The text with a full stop, where it does not end a sentence by itself. */
export function toSentence(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

/** Whatever was thrown, as a `BridgeError`. */
export function toBridgeError(thrown: unknown): BridgeError {
  if (thrown instanceof BridgeError) {
    return thrown;
  }

  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new BridgeError('INTERNAL', message, { cause: thrown });
}
