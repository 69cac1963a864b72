import type { ConnectorContext, Desk } from '../../src/connector.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { assignIssue } from './assign.ts';
import { createCatalogue, withAliases } from './catalogue.ts';
import { checkJira } from './check/check.ts';
import { addComment, listComments } from './comments/comments.ts';
import { editComment } from './comments/edit-comment.ts';
import { createNewIssues } from './create/new-issues.ts';
import { writeFields } from './fields.ts';
import { createFiles } from './files.ts';
import { findComment, findIssue } from './find.ts';
import type { Gateway } from './http/gateway.ts';
import { createLoginProof } from './http/login-proof.ts';
import { pathOf } from './issue-path.ts';
import { createIssueLinks } from './links/issue-links.ts';
import { relateIssue } from './links/relate.ts';
import { locateIssue } from './locate.ts';
import { moveIssue, putFields } from './move.ts';
import type { JiraOptions } from './options.ts';
import { changedSince } from './search.ts';
import { snapshotFields, toSnapshot } from './snapshot.ts';
import { type WireComment, type WireIssue, wireIssue } from './wire.ts';

/** JIRA as a desk, in whichever dialect the gateway speaks. */
export function createDesk(options: JiraOptions, gateway: Gateway, context: ConnectorContext): Desk {
  const { system, now, webhookUrl } = context;
  const catalogue = createCatalogue(gateway, now);
  const moving = { options, gateway, catalogue };
  const files = createFiles({ options, gateway, system, now });

  const readIssue = (ref: Ref, signal: AbortSignal) =>
    gateway.send({
      method: 'GET',
      path: pathOf(ref),
      query: { fields: [...new Set([...snapshotFields, ...Object.values(options.fields)])].join(',') },
      about: nameOf(ref),
      effect: 'none',
      shape: wireIssue,
      signal,
    });
  const show = async (issue: WireIssue, comments: readonly WireComment[], signal: AbortSignal) => {
    const dialect = await gateway.dialect(signal);
    return withAliases(toSnapshot(issue, comments, system, options, dialect), catalogue, signal);
  };

  const issues = createNewIssues({
    options,
    gateway,
    catalogue,
    context,
    show: (issue, signal) => show(issue, [], signal),
  });
  const believeAbsence = createLoginProof(gateway, now);
  const linkIssues = createIssueLinks(gateway, catalogue, now);

  return {
    read: async (ref, signal) => {
      const readParts = () => Promise.all([readIssue(ref, signal), listComments(ref, gateway, signal)]);
      const [issue, comments] = await believeAbsence(readParts, signal);
      issues.learn(issue);
      return show(issue, comments, signal);
    },
    locate: (named, signal) => locateIssue(typeof named === 'string' ? named : nameOf(named), gateway, system, signal),
    changedSince: (moment, cursor, signal) => changedSince(moment, cursor, options, system, gateway, signal),
    find: async (action, signal) => {
      switch (action.do) {
        case 'open':
          issues.heed(action.draft, action.origin);
          return findIssue(action, options, gateway, signal);
        case 'comment':
          return findComment(action, options, gateway, signal);
        case 'attach':
          return files.find(action, signal);
      }
    },
    open: issues.open,
    update: async (ref, fields, signal) =>
      putFields(ref, writeFields(fields, options, await gateway.dialect(signal)), gateway, signal),
    comment: async (ref, { along, ...comment }, key, signal) => {
      if (along !== undefined) {
        throw new BridgeError('REFUSED', `JIRA does not take a comment on ${nameOf(ref)} together with a change of it`);
      }
      const { id, isCut } = await addComment(ref, comment, key, options, gateway, signal);
      return { ref: { system, id }, ...(isCut ? { isCut } : {}) };
    },
    edit: (ref, id, text, signal) => editComment(ref, id, text, options, gateway, signal),
    assign: (ref, user, signal) => assignIssue(ref, user, gateway, signal),
    fetch: files.fetch,
    attach: async (ref, file, _note, _key, signal) => ({ system, id: await files.attach(ref, file, signal) }),
    move: (ref, move, signal) => moveIssue(ref, move, moving, signal),
    relate: (ref, to, shown, signal) =>
      to.system === system
        ? linkIssues(ref, to, shown.type ?? '', signal)
        : relateIssue(ref, to, shown, options, gateway, signal),
    check: (expected, signal) => checkJira({ options, system, gateway, now, webhookUrl }, expected, signal),
    close: async () => gateway.close(),
  };
}
