import { isSameText } from './condition.ts';
import { extensionOf, hidesLetters, showName } from './file-name.ts';
import type { Refusal } from './link.ts';
import type { NoteTemplate } from './note.ts';
import type { ScopePolicy } from './scope.ts';
import { fill, type TemplateValues } from './template.ts';
import type { Attachment, Snapshot, Visibility } from './ticket.ts';
import type { Wording } from './vocabulary.ts';

/** A group of extensions that the regulation permits together (R10). */
export interface AttachmentTier {
  readonly name: string;
  readonly clause: string;
  /** In lower case, without a full stop. */
  readonly extensions: readonly string[];
  /** Largest size in bytes. */
  readonly bytes: number;
  /** The services that may use it; absent where all may. */
  readonly services?: readonly string[];
}

/** Why a file is refused; each has a text of its own for people. */
export const refusalRules = [
  'name-hides-letters',
  'no-extension',
  'extension-not-permitted',
  'not-for-this-service',
  'file-too-large',
  'content-differs',
  'encrypted',
  'archive-unsafe',
  'too-large-for-target',
  'target-takes-none',
  'gone',
  'refused-on-the-way',
  'refused-for-now',
  'in-doubt',
] as const;

export type RefusalRule = (typeof refusalRules)[number];

/** Placeholders of every text about a file. */
export const filePlaceholders = ['file.name', 'file.extension', 'file.size'] as const;

export const refusalPlaceholders = [...filePlaceholders, 'permitted', 'limit', 'services', 'reason'] as const;

export interface AttachmentPolicy {
  /** Those that the chosen reading of the bracket permits. */
  readonly tiers: readonly AttachmentTier[];
  readonly hiddenLetters: 'refused' | 'ignored';
  /** Whether files of the issue keep to the same list. */
  readonly filesOfIssue: 'same_list' | 'everything';
  /** Whether the content of a file has to be what its name promises. */
  readonly content: 'checked' | 'ignored';
  /** What people read about a refused file. */
  readonly refusals: Readonly<Record<RefusalRule, string>>;
  /** The note in the ticket that names refused files; `{refusals}` is the list. */
  readonly refusalNote: NoteTemplate & { readonly visibility: Visibility };
  /** What the ticket says beside a file of the issue, and who sees both where no comment came with the file. */
  readonly toTicket: NoteTemplate & { readonly visibility: Visibility };
  /** Names of the files that hold a text which had to be cut. */
  readonly wholeText: { readonly ofTicket: string; readonly ofComment: string };
  readonly screenshot: { readonly clause: string; readonly extensions: readonly string[] };
  readonly scope: ScopePolicy;
  readonly wording: Wording;
}

export interface AttachmentVerdict {
  readonly verdict: 'allowed' | 'refused';
  /** The tier that permits the file, or why it is refused. */
  readonly rule: string;
  readonly clause: string;
  /** For people, from the mapping; empty for a file that is allowed. */
  readonly text: string;
  /** The same for explanations. */
  readonly evidence: string;
}

/** The system of the other record takes no files, whatever they are. */
export function refuseEverything(file: Attachment, policy: AttachmentPolicy): AttachmentVerdict {
  return {
    verdict: 'refused',
    rule: 'target-takes-none',
    clause: 'R71',
    evidence: `«${showName(file.name)}» cannot go there: the system takes no files`,
    text: fill(policy.refusals['target-takes-none'], valuesOf(file, undefined, policy)),
  };
}

/** Whether the file may go to the other side, by its name and its size (R10). What is in it shows on the way. */
export function judgeAttachment(file: Attachment, ticket: Snapshot, policy: AttachmentPolicy): AttachmentVerdict {
  const extension = extensionOf(file.name);
  const refuse = (rule: RefusalRule, evidence: string, tier?: AttachmentTier): AttachmentVerdict => ({
    verdict: 'refused',
    rule,
    clause: tier?.clause ?? 'R10',
    evidence: `«${showName(file.name)}» ${evidence}`,
    text: fill(policy.refusals[rule], valuesOf(file, tier, policy)),
  });

  if (policy.hiddenLetters === 'refused' && hidesLetters(file.name)) {
    return refuse('name-hides-letters', 'has control characters or letters that change the direction of reading');
  }

  if (extension === undefined) {
    return refuse('no-extension', 'has no extension');
  }

  const tier = policy.tiers.find(({ extensions }) => extensions.includes(extension));
  if (tier === undefined) {
    return refuse('extension-not-permitted', `has the extension «${extension}», which is in no list`);
  }

  if (!isForService(tier, ticket)) {
    return refuse('not-for-this-service', `is of the list «${tier.name}», which other services have`, tier);
  }

  if (!(file.size <= tier.bytes)) {
    return refuse('file-too-large', `has ${file.size} bytes, and «${tier.name}» permits ${tier.bytes}`, tier);
  }

  return { verdict: 'allowed', rule: tier.name, clause: tier.clause, text: '', evidence: showName(file.name) };
}

/**
 * The verdict on a file that was refused on its way: by what is in it, by the other system, or because it is gone. Where that
 * is not the file's own fault, it is sent again.
 */
export function judgeRefusal(
  file: Attachment,
  { code, reason, message: answer = '' }: Refusal,
  policy: AttachmentPolicy,
): AttachmentVerdict {
  const ofFile = refusalRules.find((each) => each === reason) ?? 'refused-on-the-way';
  const rule = code === 'FILE_REFUSED' ? ofFile : code === 'STILL_IN_DOUBT' ? 'in-doubt' : 'refused-for-now';
  const message = oneLine(answer);
  const values = { ...valuesOf(file, undefined, policy), reason: message };
  return {
    verdict: 'refused',
    rule,
    clause: 'R10',
    evidence: `«${showName(file.name)}» was refused on its way: ${message || rule}`,
    text: fill(policy.refusals[rule], values),
  };
}

/** Letters of an answer that people read in a note. */
const LONGEST_ANSWER = 300;

function oneLine(answer: string): string {
  const line = answer.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > LONGEST_ANSWER ? `${line.slice(0, LONGEST_ANSWER)}…` : line;
}

/** Values for texts that name a file. */
export function fileValues({ name, size }: Pick<Attachment, 'name' | 'size'>): TemplateValues {
  return {
    'file.name': showName(name),
    'file.extension': extensionOf(name),
    'file.size': megabytes(size, Math.ceil),
  };
}

function isForService({ services }: AttachmentTier, { service }: Snapshot): boolean {
  return services === undefined || services.some((each) => service !== undefined && isSameText(each, service));
}

function valuesOf(file: Attachment, tier: AttachmentTier | undefined, { tiers }: AttachmentPolicy): TemplateValues {
  return {
    ...fileValues(file),
    permitted: tiers.flatMap(({ extensions }) => extensions).join(', '),
    limit: tier === undefined ? undefined : megabytes(tier.bytes, Math.floor),
    services: tier?.services?.map((service) => `«${service}»`).join(', '),
  };
}

/** As people in Russia write it: `20`, `1,5`. A size is rounded up and a limit down, so that one over the limit shows it. */
function megabytes(bytes: number, round: (tenths: number) => number): string {
  return String(round((bytes / 1_048_576) * 10) / 10).replace('.', ',');
}
