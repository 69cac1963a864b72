import type { Reply } from './faults.ts';
import { Refusal } from './refusal.ts';
import { demandToken, ok, type Route, type RouteContext, writable } from './route.ts';
import type { Attachment, State } from './state.ts';

export function aboutFiles(context: RouteContext): readonly Route[] {
  const { state, installation, actions, beans } = context;
  return [
    ['GET', '/attachment/meta', () => ok(installation.attachments)],
    ['GET', '/attachment/{id}', (_, [id]) => ok(beans.attachment(findFile(state, id)))],
    [
      'POST',
      '/issue/{id}/attachments',
      (request, [id]) => {
        demandToken(request);
        const issue = writable(context, id, 'CREATE_ATTACHMENTS');
        const files = request.uploads.filter(({ field }) => field === 'file');
        if (files.length === 0) {
          throw new Refusal(400, ["The request has no part named 'file'."]);
        }

        return ok(actions.attach(request.user, issue, files).map(beans.attachment));
      },
    ],
  ];
}

/** `GET /secure/attachment/{id}/{name}`: the bytes. It lies outside of the REST interface and needs the login too. */
export function download(state: State, pathname: string): Reply {
  const [, id] = /^\/secure\/attachment\/(\d+)\//.exec(pathname) ?? [];
  const { name, contentType, content } = findFile(state, id);
  const stream = content.open();
  if (stream === undefined) {
    throw new Refusal(404, [`The sandbox keeps no bytes of '${name}', only its size and hash`]);
  }

  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'content-length': String(content.size),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
    body: stream,
  };
}

/** Throws `Refusal` 404 for a file that is not there or that belongs to a hidden issue. */
function findFile(state: State, id: string | undefined): Attachment {
  for (const { isHidden, attachments } of state.all()) {
    const attachment = attachments.find((each) => each.id === id);
    if (attachment !== undefined && !isHidden) {
      return attachment;
    }
  }

  throw new Refusal(404, [`The attachment with id '${id}' does not exist`]);
}
