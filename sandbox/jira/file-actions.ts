import type { User } from './catalogue.ts';
import { differenceOf, type Emit } from './changelog.ts';
import type { FileContent } from './file-content.ts';
import type { Installation } from './installation.ts';
import { Refusal } from './refusal.ts';
import type { Attachment, Issue, State } from './state.ts';

export interface NewFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: FileContent;
}

export interface FileActions {
  /** Attaches all of them or, if one is refused, none. */
  attach(user: User, issue: Issue, files: readonly NewFile[]): readonly Attachment[];
  removeFile(user: User, issue: Issue, id: string): void;
}

export function createFileActions(state: State, installation: Installation, emit: Emit): FileActions {
  return {
    attach: (user, issue, files) => {
      if (!installation.attachments.enabled) {
        throw new Refusal(403, ['Attachments are disabled.']);
      }

      const large = files.find(({ content }) => content.size > installation.attachments.uploadLimit);
      if (large !== undefined) {
        const limit = installation.attachments.uploadLimit;
        throw new Refusal(413, [`The file ${large.name} exceeds the maximum size of ${limit} bytes.`]);
      }

      const before = namesOf(issue);
      const attached = files.map((file) => newAttachment(state, user, file));
      issue.attachments.push(...attached);
      state.touch(issue);
      emit({ kind: 'updated', user, issue, items: [differenceOf('Attachment', before, namesOf(issue))] });
      return attached;
    },
    removeFile: (user, issue, id) => {
      const index = issue.attachments.findIndex((each) => each.id === id);
      if (index < 0) {
        throw new Refusal(404, [`The attachment with id '${id}' does not exist`]);
      }

      const before = namesOf(issue);
      issue.attachments.splice(index, 1);
      state.touch(issue);
      emit({ kind: 'updated', user, issue, items: [differenceOf('Attachment', before, namesOf(issue))] });
    },
  };
}

function newAttachment(state: State, user: User, { name, contentType, content }: NewFile): Attachment {
  if (name === '' || /[\\/\p{Cc}]/u.test(name)) {
    throw new Refusal(400, [`The file name '${name}' is invalid.`]);
  }

  return {
    id: String(state.nextId()),
    name,
    contentType,
    author: user.name,
    created: state.now(),
    content,
  };
}

function namesOf({ attachments }: Issue): string | null {
  return attachments.length === 0 ? null : attachments.map(({ name }) => name).join(' ');
}
