import { findNamed, linkTypes, type User } from './catalogue.ts';
import { differenceOf, type Emit } from './changelog.ts';
import { Refusal } from './refusal.ts';
import type { Issue, RemoteLink, State } from './state.ts';

export interface LinkActions {
  /** Adds a remote link, or updates the one with the same global id. */
  link(user: User, issue: Issue, content: Readonly<Record<string, unknown>>): { link: RemoteLink; isNew: boolean };
  unlink(user: User, issue: Issue, globalId: string): void;
  /** Links two issues. Not idempotent: the same link can be made several times. */
  linkIssues(user: User, type: { readonly id?: string; readonly name?: string }, source: Issue, target: Issue): void;
}

export function createLinkActions(state: State, emit: Emit): LinkActions {
  return {
    link: (user, issue, content) => {
      const globalId = typeof content.globalId === 'string' ? content.globalId : undefined;
      const known = issue.remoteLinks.find((each) => globalId !== undefined && each.globalId === globalId);
      const link = known ?? { id: state.nextId(), globalId, content };
      link.content = content;
      if (known === undefined) {
        issue.remoteLinks.push(link);
      }
      state.touch(issue);
      emit({ kind: 'updated', user, issue, items: [differenceOf('RemoteIssueLink', null, String(link.id))] });
      return { link, isNew: known === undefined };
    },
    unlink: (user, issue, globalId) => {
      const index = issue.remoteLinks.findIndex((each) => each.globalId === globalId);
      const [removed] = index < 0 ? [] : issue.remoteLinks.splice(index, 1);
      if (removed === undefined) {
        throw new Refusal(404, [`No remote link with global id '${globalId}'`]);
      }

      state.touch(issue);
      emit({ kind: 'updated', user, issue, items: [differenceOf('RemoteIssueLink', String(removed.id), null)] });
    },
    linkIssues: (user, wanted, source, target) => {
      const type = findNamed(linkTypes, wanted);
      if (type === undefined) {
        throw new Refusal(404, [`No issue link type with name '${wanted.name ?? wanted.id}' found.`]);
      }

      if (source.id === target.id) {
        throw new Refusal(400, ['You cannot link an issue to itself.']);
      }

      const link = { id: String(state.nextId()), type: type.name, source: source.id, target: target.id };
      state.links.push(link);
      state.touch(source);
      state.touch(target);
      emit({ kind: 'linked', user, link });
    },
  };
}
