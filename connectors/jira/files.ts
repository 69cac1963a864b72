import type { Writable } from 'node:stream';
import type { DateTime } from 'luxon';
import type { FileContent, Found } from '../../src/connector.ts';
import type { Action } from '../../src/domain/action.ts';
import { type Attachment, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError, toBridgeError } from '../../src/errors.ts';
import type { Gateway } from './http/gateway.ts';
import { storedName } from './http/multipart.ts';
import { pathOf } from './issue-path.ts';
import type { JiraOptions } from './options.ts';
import { isOwn } from './own.ts';
import { wireAttached, wireAttachment, wireAttachmentMeta, wireAttachments } from './wire.ts';

/** The files of issues. */
export interface Files {
  /** Answers with the id of the file. Throws `FILE_REFUSED` for one that JIRA does not take. */
  attach(ref: Ref, file: FileContent, signal: AbortSignal): Promise<string>;
  fetch(ref: Ref, attachment: Attachment, into: Writable, signal: AbortSignal): Promise<void>;
  /** Files carry no marker, so one of the bridge's own with this name and size is looked for. */
  find(action: Extract<Action, { do: 'attach' }>, signal: AbortSignal): Promise<Found>;
}

export interface FileParts {
  readonly options: Pick<JiraOptions, 'account' | 'settle_seconds'>;
  readonly gateway: Gateway;
  readonly system: string;
  readonly now: () => DateTime;
}

/** How long JIRA's own limit is believed. */
const META_MINUTES = 10;

export function createFiles(parts: FileParts): Files {
  const limits = createLimits(parts);
  return {
    attach: async (ref, file, signal) => {
      const { enabled, limit } = await limits(signal);
      if (!enabled) {
        throw refused(file, 'attachments are switched off in JIRA', 'attachments-disabled');
      }

      if (file.size > limit) {
        throw refused(file, `JIRA takes files of at most ${limit} bytes`, 'too-large-for-target');
      }

      return attachFile(ref, file, parts, signal);
    },
    fetch: (ref, attachment, into, signal) => fetchFile(ref, attachment, into, parts, signal),
    find: (action, signal) => findFile(action, parts, signal),
  };
}

/** What JIRA says that it takes, asked again from time to time. */
function createLimits({ gateway, now }: FileParts) {
  let known: { readonly until: DateTime; readonly enabled: boolean; readonly limit: number } | undefined;
  return async (signal: AbortSignal) => {
    if (known === undefined || now() >= known.until) {
      const { enabled, uploadLimit } = await gateway.send({
        method: 'GET',
        path: '/attachment/meta',
        effect: 'none',
        shape: wireAttachmentMeta,
        signal,
      });
      const limit = uploadLimit ?? Number.POSITIVE_INFINITY;
      known = { until: now().plus({ minutes: META_MINUTES }), enabled, limit };
    }
    return known;
  };
}

async function attachFile(ref: Ref, file: FileContent, { gateway }: FileParts, signal: AbortSignal): Promise<string> {
  const call = {
    method: 'POST',
    path: `${pathOf(ref)}/attachments`,
    about: nameOf(ref),
    effect: 'once',
    shape: wireAttached,
    signal,
  } as const;
  const [attached] = await gateway.upload(call, file).catch((thrown: unknown) => {
    throw isTooLarge(thrown) ? refused(file, 'JIRA or a proxy before it answers 413', 'too-large-for-target') : thrown;
  });
  return attached.id;
}

async function fetchFile(
  ref: Ref,
  attachment: Attachment,
  into: Writable,
  { gateway }: FileParts,
  signal: AbortSignal,
): Promise<void> {
  const call = {
    method: 'GET',
    path: `/attachment/${encodeURIComponent(attachment.id)}`,
    about: nameOf(ref),
    effect: 'none',
    shape: wireAttachment,
    signal,
  } as const;
  try {
    const { content } = await gateway.send(call);
    await gateway.download({ ...call, url: content, size: attachment.size }, into);
  } catch (thrown) {
    const error = toBridgeError(thrown);
    if (error.code !== 'RECORD_NOT_READABLE') {
      throw error;
    }

    throw new BridgeError('FILE_REFUSED', `«${attachment.name}» is not in ${nameOf(ref)} any more`, {
      cause: error,
      details: { reason: 'gone' },
    });
  }
}

async function findFile(
  { ref, file, besides }: Extract<Action, { do: 'attach' }>,
  { options, gateway, system }: FileParts,
  signal: AbortSignal,
): Promise<Found> {
  const { fields } = await gateway.send({
    method: 'GET',
    path: pathOf(ref),
    query: { fields: 'attachment' },
    about: nameOf(ref),
    effect: 'none',
    shape: wireAttachments,
    signal,
  });
  const found = (fields.attachment ?? []).find(
    ({ id, author, filename, size }) =>
      isOwn(author, options.account) &&
      storedName(filename) === storedName(file.name) &&
      size === file.size &&
      !besides.includes(id),
  );
  return found === undefined
    ? { outcome: 'unclear', settleMs: options.settle_seconds * 1_000 }
    : { outcome: 'present', ref: { system, id: found.id } };
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof BridgeError && thrown.details.status === 413;
}

function refused(file: FileContent, reason: string, code: string): BridgeError {
  return new BridgeError('FILE_REFUSED', `«${file.name}» has ${file.size} bytes, and ${reason}`, {
    details: { reason: code, size: file.size },
  });
}
