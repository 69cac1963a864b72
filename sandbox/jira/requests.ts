import { z } from 'zod';
import { Refusal } from './refusal.ts';

/** The bodies that the sandbox accepts: stricter than JIRA, so that a wrong shape is noticed. */

const property = z.strictObject({
  key: z.string().min(1).max(255),
  value: z.unknown().refine((value) => value !== undefined && JSON.stringify(value).length <= 32_768),
});

export const createBody = z.strictObject({
  fields: z.looseObject({
    project: z.union([z.strictObject({ key: z.string() }), z.strictObject({ id: z.string() })]).optional(),
    issuetype: z.union([z.strictObject({ name: z.string() }), z.strictObject({ id: z.string() })]).optional(),
  }),
  properties: z.array(property).optional(),
});

const operation = z.union([
  z.strictObject({ set: z.unknown() }),
  z.strictObject({ add: z.unknown() }),
  z.strictObject({ remove: z.unknown() }),
]);

export type Operation = z.output<typeof operation>;

export const editBody = z.strictObject({
  fields: z.record(z.string(), z.unknown()).optional(),
  update: z.record(z.string(), z.array(operation)).optional(),
});

export const commentBody = z.strictObject({
  /** Text or a document, as the dialect has it. */
  body: z.unknown().refine((body) => body !== undefined && body !== null, 'Comment body is missing'),
  visibility: z.strictObject({ type: z.enum(['role', 'group']), value: z.string() }).optional(),
  properties: z.array(property).optional(),
});

export const assigneeBody = z.union([
  z.strictObject({ name: z.string().nullable() }),
  z.strictObject({ accountId: z.string().nullable() }),
]);

const issueReference = z.union([z.strictObject({ key: z.string() }), z.strictObject({ id: z.string() })]);

export const issueLinkBody = z.strictObject({
  type: z.union([z.strictObject({ name: z.string() }), z.strictObject({ id: z.string() })]),
  inwardIssue: issueReference,
  outwardIssue: issueReference,
});

export const transitionBody = z.strictObject({
  transition: z.strictObject({ id: z.string() }),
  fields: z.record(z.string(), z.unknown()).optional(),
});

export const remoteLinkBody = z.strictObject({
  globalId: z.string().max(255).optional(),
  application: z.strictObject({ type: z.string(), name: z.string() }).optional(),
  relationship: z.string().optional(),
  object: z.strictObject({
    url: z.url(),
    title: z.string().min(1).max(255),
    summary: z.string().optional(),
    icon: z.strictObject({ url16x16: z.string().optional(), title: z.string().optional() }).optional(),
    status: z
      .strictObject({
        resolved: z.boolean(),
        icon: z.strictObject({ url16x16: z.string().optional(), title: z.string().optional() }).optional(),
      })
      .optional(),
  }),
});

export const searchBody = z.strictObject({
  jql: z.string(),
  startAt: z.int().min(0).default(0),
  maxResults: z.int().min(0).default(50),
  fields: z.array(z.string()).optional(),
});

export const tokenSearchBody = z.strictObject({
  jql: z.string(),
  nextPageToken: z.string().optional(),
  maxResults: z.int().min(1).default(50),
  fields: z.array(z.string()).default(['id']),
  expand: z.string().optional(),
  properties: z.array(z.string()).max(5).optional(),
  reconcileIssues: z.array(z.int()).max(50).optional(),
});

/** The parsed body. Throws `Refusal` 400 that says where it is wrong. */
export function readBody<Body>(text: string, shape: z.ZodType<Body>): Body {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal(400, ['Unexpected character: the body is not JSON']);
  }

  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    throw new Refusal(
      400,
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
  }

  return parsed.data;
}
