import { DateTime } from 'luxon';
import { z } from 'zod';

/** JIRA's own shapes, as far as the bridge reads them. Everything else in an answer is ignored. */

const identifier = z.union([z.string(), z.number()]).transform(String);

/** `2026-11-23T10:00:00.000+0300`, in whatever zone the account has. */
const moment = z.string().transform((text, context) => {
  const at = DateTime.fromISO(text, { zone: 'utc' });
  if (!at.isValid) {
    context.addIssue({ code: 'custom', message: `expected a moment, got «${text}»` });
    return z.NEVER;
  }

  return at;
});

/** Data Center has `name` and `key`; either may be missing for deleted users. */
export const wireUser = z.object({
  name: z.string().optional(),
  key: z.string().optional(),
  accountId: z.string().optional(),
  displayName: z.string().optional(),
  emailAddress: z.string().optional(),
});

export type WireUser = z.output<typeof wireUser>;

const named = z.object({ name: z.string() });

const property = z.object({ key: z.string(), value: z.unknown() });

export const wireComment = z.object({
  id: identifier,
  author: wireUser.nullish(),
  /** Wiki text or a document, as the dialect has it. */
  body: z.unknown().optional(),
  created: moment,
  updated: moment.nullish(),
  visibility: z.object({ type: z.string(), value: z.string() }).nullish(),
  /** Cloud only: whether the requester may read it in Service Management. */
  jsdPublic: z.boolean().nullish(),
  properties: z.array(property).nullish(),
});

export type WireComment = z.output<typeof wireComment>;

export const wireCommentPage = z.object({
  comments: z.array(wireComment),
  total: z.number(),
});

const status = z.object({ id: identifier, name: z.string(), statusCategory: z.object({ key: z.string() }).nullish() });

const attachment = z.object({
  id: identifier,
  filename: z.string(),
  author: wireUser.nullish(),
  mimeType: z.string().nullish(),
  size: z.number(),
});

/** A file by itself, with the address of its bytes. */
export const wireAttachment = z.object({ content: z.string() });

/** What JIRA answers to an upload: a list, even of one. */
export const wireAttached = z.tuple([z.object({ id: identifier })], z.unknown());

export const wireAttachments = z.object({ fields: z.object({ attachment: z.array(attachment).nullish() }) });

/** `uploadLimit` in bytes. */
export const wireAttachmentMeta = z.object({ enabled: z.boolean(), uploadLimit: z.number().nullish() });

/** Custom fields stay in `fields` as they came. */
export const wireIssue = z.object({
  id: identifier,
  key: z.string(),
  fields: z.looseObject({
    summary: z.string().nullish(),
    /** Wiki text or a document, as the dialect has it. */
    description: z.unknown().optional(),
    status,
    priority: named.nullish(),
    issuetype: named,
    resolution: named.nullish(),
    reporter: wireUser.nullish(),
    assignee: wireUser.nullish(),
    attachment: z.array(attachment).nullish(),
    created: moment,
    updated: moment,
  }),
});

export type WireIssue = z.output<typeof wireIssue>;

export const wireStanding = z.object({ fields: z.object({ status, resolution: named.nullish() }) });

export const wireCreated = z.object({ id: identifier, key: z.string() });

export const wireWritten = z.object({ id: identifier });

const allowedValue = z.object({ id: identifier.optional(), name: z.string().optional() });

export const wireTransitions = z.object({
  transitions: z.array(
    z.object({
      id: identifier,
      name: z.string(),
      to: z.object({ id: identifier, name: z.string() }),
      /** The fields of the transition's screen. */
      fields: z
        .record(
          z.string(),
          z.object({
            name: z.string().optional(),
            required: z.boolean().optional(),
            hasDefaultValue: z.boolean().nullish(),
            allowedValues: z.array(allowedValue).optional(),
          }),
        )
        .optional(),
    }),
  ),
});

export type WireTransition = z.output<typeof wireTransitions>['transitions'][number];

export const wireFoundIssue = z.object({
  id: identifier,
  key: z.string(),
  /** Those that were asked for, as they came. */
  fields: z.looseObject({ updated: moment }).optional(),
});

export type WireFoundIssue = z.output<typeof wireFoundIssue>;

export const wireProperty = z.object({ value: z.unknown() });

export const wireMyself = wireUser.extend({ timeZone: z.string().optional() });

export const wireServerInfo = z.object({
  version: z.string(),
  deploymentType: z.string().optional(),
  serverTime: moment.optional(),
});

export type WireServerInfo = z.output<typeof wireServerInfo>;

export const wirePermissions = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});

export const wireProject = z.object({
  key: z.string(),
  name: z.string(),
  issueTypes: z.array(named).optional(),
  components: z.array(named).optional(),
});

export const wireNames = z.array(z.object({ id: identifier, name: z.string() }));

/** JIRA's refusal: `errors` names fields. Its texts are in the account's language, so only the keys are relied on. */
export const wireRefusal = z.object({
  errorMessages: z.array(z.string()).nullish(),
  errors: z.record(z.string(), z.string()).nullish(),
});

const hintUser = z
  .object({
    name: z.string().optional().catch(undefined),
    key: z.string().optional().catch(undefined),
    accountId: z.string().optional().catch(undefined),
  })
  .nullish()
  .catch(undefined);

/**
 * A webhook. It is only a hint, so nothing but the event and the issue has to be as expected; what else is odd counts as
 * missing. `items` of a changelog carry a key named `toString`; an item without it would answer with the method that
 * every object inherits, so the bridge reads `field` and `to` only and drops the rest here.
 */
export const wireWebhook = z.object({
  webhookEvent: z.string(),
  user: hintUser,
  issue: z
    .object({ id: identifier, key: z.string().optional().catch(undefined) })
    .nullish()
    .catch(undefined),
  comment: z
    .object({ self: z.string().nullish().catch(undefined), author: hintUser, updateAuthor: hintUser })
    .nullish()
    .catch(undefined),
  changelog: z
    .object({
      items: z.array(
        z.object({ field: z.string().catch(''), to: z.string().nullish().catch(undefined) }).catch({ field: '' }),
      ),
    })
    .nullish()
    .catch(undefined),
});

export type WireWebhook = z.output<typeof wireWebhook>;
