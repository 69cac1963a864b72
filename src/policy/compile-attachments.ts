import type { AttachmentPolicy, AttachmentTier } from '../domain/attachments.ts';
import type { ScopePolicy } from '../domain/scope.ts';
import type { Wording } from '../domain/vocabulary.ts';
import type { Mappings } from './schema.ts';

type Attachments = Mappings['attachments'];

const MEGABYTE = 1_048_576;

/** Valid lists -> those that the chosen readings leave in force. */
export function compileAttachments(mapping: Attachments, scope: ScopePolicy, wording: Wording): AttachmentPolicy {
  const { readings, content, screenshot, refusals, refusal_note, refusal_visibility, to_ticket, whole_text } = mapping;
  return {
    tiers: [
      compileTier('listed', mapping),
      ...(readings.bracket === 'examples' ? [compileTier('derived', mapping)] : []),
      ...(readings.log_files === 'never' ? [] : [{ ...compileTier('log', mapping), ...logServices(mapping, scope) }]),
    ],
    hiddenLetters: readings.hidden_letters,
    filesOfIssue: readings.files_of_issue,
    content,
    refusals,
    refusalNote: { ...refusal_note, visibility: refusal_visibility },
    toTicket: to_ticket,
    wholeText: { ofTicket: whole_text.ticket, ofComment: whole_text.comment },
    screenshot,
    scope,
    wording,
  };
}

function compileTier(name: keyof Attachments['lists'], { lists }: Attachments): AttachmentTier {
  const { clause, extensions, megabytes } = lists[name];
  return { name, clause, extensions, bytes: Math.floor(megabytes * MEGABYTE) };
}

function logServices({ readings }: Attachments, { services }: ScopePolicy): Pick<AttachmentTier, 'services'> {
  return readings.log_files === 'every_service'
    ? {}
    : { services: services.filter(({ kind }) => kind === 'support').map(({ service }) => service) };
}
