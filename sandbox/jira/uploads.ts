import type { IncomingMessage } from 'node:http';
import { createIntake, type FileContent } from './file-content.ts';
import { readMultipart } from './multipart.ts';

/** A file that came in with a request, not yet attached to anything. */
export interface Upload {
  /** Name of the form field; JIRA takes files from `file` only. */
  readonly field: string;
  readonly name: string;
  readonly contentType: string;
  readonly content: FileContent;
}

export function isMultipart({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('multipart/form-data') === true;
}

/** The files of a multipart request, read as they come. Throws `Refusal` 400 for a broken body. */
export async function readUploads(request: IncomingMessage): Promise<readonly Upload[]> {
  const uploads: (Omit<Upload, 'content'> & { readonly intake: ReturnType<typeof createIntake> })[] = [];
  await readMultipart(request, request.headers['content-type'] ?? '', ({ field, fileName, contentType }) => {
    const intake = createIntake();
    uploads.push({ field, name: fileName ?? '', contentType, intake });
    return intake;
  });
  return uploads.map(({ intake, ...upload }) => ({ ...upload, content: intake.content() }));
}
