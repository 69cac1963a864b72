import { findNamed, linkTypes } from './catalogue.ts';
import { Refusal } from './refusal.ts';
import { issueLinkBody, readBody, remoteLinkBody } from './requests.ts';
import { noContent, ok, type Route, type RouteContext, visible, writable } from './route.ts';
import type { Issue, RemoteLink, State } from './state.ts';

/** Links to other systems, and links between two issues. */
export function aboutLinks(context: RouteContext): readonly Route[] {
  const { state, actions, url, dialect } = context;
  const beanOf = ({ id: issue }: Issue, { id, content }: RemoteLink) => ({
    id,
    self: `${url()}/rest/api/${dialect.version}/issue/${issue}/remotelink/${id}`,
    ...content,
  });
  const idOf = (reference: { readonly id: string } | { readonly key: string }) =>
    'id' in reference ? reference.id : reference.key;

  return [
    [
      'POST',
      '/issue/{id}/remotelink',
      ({ user, body }, [id]) => {
        const issue = writable(context, id, 'LINK_ISSUES');
        const { link, isNew } = actions.link(user, issue, readBody(body, remoteLinkBody));
        const { self } = beanOf(issue, link);
        return { status: isNew ? 201 : 200, body: { id: link.id, self } };
      },
    ],
    [
      'GET',
      '/issue/{id}/remotelink',
      ({ query }, [id]) => {
        const issue = visible(state, id);
        const globalId = query.get('globalId');
        if (globalId === null) {
          return ok(issue.remoteLinks.map((link) => beanOf(issue, link)));
        }

        const link = issue.remoteLinks.find((each) => each.globalId === globalId);
        if (link === undefined) {
          throw new Refusal(404, [`No remote link with global id '${globalId}'`]);
        }
        return ok(beanOf(issue, link));
      },
    ],
    [
      'DELETE',
      '/issue/{id}/remotelink',
      ({ user, query }, [id]) => {
        actions.unlink(user, writable(context, id, 'LINK_ISSUES'), query.get('globalId') ?? '');
        return noContent();
      },
    ],
    [
      'POST',
      '/issueLink',
      ({ user, body }) => {
        const { type, inwardIssue, outwardIssue } = readBody(body, issueLinkBody);
        // Named after how the link is seen: the inward issue is the one that it starts from.
        const source = writable(context, idOf(inwardIssue), 'LINK_ISSUES');
        const target = writable(context, idOf(outwardIssue), 'LINK_ISSUES');
        if (dialect.name === 'cloud') {
          refuseDuplicate(state, type, source, target);
        }
        actions.linkIssues(user, type, source, target);
        return { status: 201, body: undefined };
      },
    ],
  ];
}

/** Data Center makes a second link without a word. */
function refuseDuplicate(state: State, wanted: { id?: string; name?: string }, source: Issue, target: Issue): void {
  const type = findNamed(linkTypes, wanted)?.name;
  if (state.links.some((link) => link.type === type && link.source === source.id && link.target === target.id)) {
    throw new Refusal(400, ['A link of this type between these issues exists already.']);
  }
}
