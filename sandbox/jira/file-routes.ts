import { createHash } from 'node:crypto';
import type { Reply } from './faults.ts';
import { Refusal } from './refusal.ts';
import { demandToken, ok, type Route, type RouteContext, writable } from './route.ts';
import type { Attachment, State } from './state.ts';

/** Where the files of Cloud lie. */
export const MEDIA = '/media/file/';

export function aboutFiles(context: RouteContext): readonly Route[] {
  const { state, installation, actions, beans, dialect } = context;
  return [
    ['GET', '/attachment/meta', () => ok(installation.attachments)],
    ...(dialect.name === 'cloud' ? contentByRedirect(context) : []),
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

/** Cloud sends to another host for the bytes, with an address that needs no login; or gives them itself if asked to. */
function contentByRedirect({ state, url }: RouteContext): readonly Route[] {
  return [
    [
      'GET',
      '/attachment/content/{id}',
      ({ query }, [id]) => {
        const file = findFile(state, id);
        if (query.get('redirect') === 'false') {
          return contentOf(file);
        }

        const location = `${url().replace('127.0.0.1', 'localhost')}${MEDIA}${file.id}/binary?token=${tokenOf(file)}`;
        return { status: 303, headers: { location }, body: '' };
      },
    ],
  ];
}

/** The host of Cloud's files: takes its own token and is alarmed by the login of JIRA. */
export function downloadMedia(state: State, { pathname, searchParams }: URL, authorization: string | undefined): Reply {
  const file = findFile(state, pathname.slice(MEDIA.length).split('/')[0]);
  if (authorization !== undefined || searchParams.get('token') !== tokenOf(file)) {
    return { status: 403, body: { error: 'The token is wrong, or a login came along that is none of this host' } };
  }

  return contentOf(file);
}

function tokenOf({ id, content }: Attachment): string {
  return createHash('sha256').update(`${id} ${content.size}`).digest('hex').slice(0, 16);
}

/** `GET /secure/attachment/{id}/{name}`: the bytes. It lies outside of the REST interface and needs the login too. */
export function download(state: State, pathname: string): Reply {
  const [, id] = /^\/secure\/attachment\/(\d+)\//.exec(pathname) ?? [];
  return contentOf(findFile(state, id));
}

function contentOf({ name, contentType, content }: Attachment): Reply {
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
