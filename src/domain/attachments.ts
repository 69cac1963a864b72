import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { extensionOf, hidesLetters, showName } from './file-name.ts';
import { abstain, combine, type Judgement, nothing, type Reason } from './reason.ts';
import { type ScopePolicy, serviceRuleOf } from './scope.ts';
import { fill } from './template.ts';
import { type Attachment, nameOf, type Snapshot } from './ticket.ts';

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
] as const;

export type RefusalRule = (typeof refusalRules)[number];

export const refusalPlaceholders = [
  'file.name',
  'file.extension',
  'file.size',
  'permitted',
  'limit',
  'services',
] as const;

export interface AttachmentPolicy {
  /** Those that the chosen reading of the bracket permits. */
  readonly tiers: readonly AttachmentTier[];
  readonly hiddenLetters: 'refused' | 'ignored';
  /** Whether files of the issue keep to the same list. */
  readonly filesOfIssue: 'same_list' | 'everything';
  /** What people read about a refused file. */
  readonly refusals: Readonly<Record<RefusalRule, string>>;
  readonly screenshot: { readonly clause: string; readonly extensions: readonly string[] };
  readonly scope: ScopePolicy;
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

/** Whether the file may go to the other side, by its name and its size (R10). What is in it is not looked at. */
export function judgeAttachment(file: Attachment, ticket: Snapshot, policy: AttachmentPolicy): AttachmentVerdict {
  const extension = extensionOf(file.name);
  const refuse = (rule: RefusalRule, evidence: string, tier?: AttachmentTier): AttachmentVerdict => ({
    verdict: 'refused',
    rule,
    clause: tier?.clause ?? 'R10',
    evidence: `«${showName(file.name)}» ${evidence}`,
    text: fill(policy.refusals[rule], valuesOf(file, extension, tier, policy)),
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

/** One reason for every refused file and one for those that are permitted; carrying them is not decided here. */
export function judgeAttachments(facts: Facts, policy: AttachmentPolicy): Judgement {
  const { ticket, issue } = facts;
  const filesOfIssue = issue === undefined || policy.filesOfIssue === 'everything' ? [] : issue.attachments;
  const judged = [
    ...ticket.attachments.map((file) => ({ owner: ticket, verdict: judgeAttachment(file, ticket, policy) })),
    ...filesOfIssue.map((file) => ({ owner: issue ?? ticket, verdict: judgeAttachment(file, ticket, policy) })),
  ];
  const refused = judged.filter(({ verdict }) => verdict.verdict === 'refused');
  const allowed = judged.filter(({ verdict }) => verdict.verdict === 'allowed').map(({ verdict }) => verdict);
  return combine([
    ...refused.map(({ owner, verdict: { rule, clause, evidence } }) =>
      abstain({ rule, clause, evidence: `${evidence} (in ${nameOf(owner.ref)})` }),
    ),
    allowed.length === 0 ? nothing : abstain(permitted(allowed, judged.length)),
    askForScreenshot(ticket, policy),
  ]);
}

/** How many names a reason lists before it only counts. */
const SHOWN = 10;

function permitted(allowed: readonly AttachmentVerdict[], total: number): Reason {
  const more = allowed.length > SHOWN ? ` and ${allowed.length - SHOWN} more` : '';
  const names = allowed.slice(0, SHOWN).map(({ evidence, rule }) => `«${evidence}» (${rule})`);
  return {
    rule: 'attachments-are-permitted',
    clause: [...new Set(allowed.map(({ clause }) => clause))].join(', '),
    evidence: `${allowed.length} of ${total} files: ${names.join(', ')}${more}`,
  };
}

/** A screenshot is recommended and never required: its absence is a hint and holds nothing up (R11). */
function askForScreenshot(ticket: Snapshot, { screenshot, scope }: AttachmentPolicy): Judgement {
  const rule = serviceRuleOf(ticket, scope);
  const isSupportIncident = rule?.kind === 'support' && isSameText(ticket.type, rule.type);
  const hasImage = ticket.attachments.some(({ name }) => screenshot.extensions.includes(extensionOf(name) ?? ''));
  return ticket.phase === 'done' || !isSupportIncident || hasImage
    ? nothing
    : abstain({
        rule: 'screenshot-is-recommended',
        clause: screenshot.clause,
        evidence: `no image among ${ticket.attachments.length} files of ${nameOf(ticket.ref)}; nothing waits for one`,
      });
}

function isForService({ services }: AttachmentTier, { service }: Snapshot): boolean {
  return services === undefined || services.some((each) => service !== undefined && isSameText(each, service));
}

function valuesOf(
  file: Attachment,
  extension: string | undefined,
  tier: AttachmentTier | undefined,
  { tiers }: AttachmentPolicy,
) {
  return {
    'file.name': showName(file.name),
    'file.extension': extension,
    'file.size': megabytes(file.size, Math.ceil),
    permitted: tiers.flatMap(({ extensions }) => extensions).join(', '),
    limit: tier === undefined ? undefined : megabytes(tier.bytes, Math.floor),
    services: tier?.services?.map((service) => `«${service}»`).join(', '),
  };
}

/** As people in Russia write it: `20`, `1,5`. A size is rounded up and a limit down, so that one over the limit shows it. */
function megabytes(bytes: number, round: (tenths: number) => number): string {
  return String(round((bytes / 1_048_576) * 10) / 10).replace('.', ',');
}
