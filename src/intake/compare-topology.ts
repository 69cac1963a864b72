import { z } from 'zod';
import { virtualHostOf } from './address.ts';
import type { Management } from './management.ts';
import type { RabbitmqOptions } from './options.ts';
import {
  type BindingSetup,
  type ExchangeSetup,
  type QueueSetup,
  remedyFor,
  type Settings,
  topologyOf,
} from './topology.ts';

const settings = z.record(z.string(), z.unknown());

const queueAnswer = z.looseObject({
  arguments: settings.default({}),
  policy: z.string().nullish(),
  // An empty list where no policy applies.
  effective_policy_definition: z.union([settings, z.array(z.never()).transform(() => ({}))]).nullish(),
});

const exchangeAnswer = z.looseObject({
  type: z.string(),
  arguments: settings.default({}),
  policy: z.string().nullish(),
});

const policiesAnswer = z.array(
  z.looseObject({
    name: z.string(),
    pattern: z.string(),
    'apply-to': z.string(),
    priority: z.number().default(0),
    definition: settings,
  }),
);

/** The policies of the virtual host; undefined where the login may not see them. */
type Policies = z.infer<typeof policiesAnswer> | undefined;

const bindingsAnswer = z.array(z.looseObject({ routing_key: z.string() }));

/**
 * One sentence for each way in which the broker is set up otherwise than the configuration says: what is, what should be
 * and what to do. Whether a setting is an argument or comes from a policy is the administrator's choice. Throws
 * `BROKER_UNAVAILABLE` where the management API does not answer.
 */
export async function compareTopology(management: Management, options: RabbitmqOptions): Promise<readonly string[]> {
  const { exchanges, queues, bindings } = topologyOf(options);
  const host = virtualHostOf(options.url);
  const policies = policiesAnswer.safeParse(await management.peek(['policies', host])).data;
  const found = await Promise.all([
    ...exchanges.map((exchange) => compareExchange(management, host, exchange)),
    ...queues.map((queue) => compareQueue(management, host, queue, policies)),
    ...bindings.map((binding) => compareBinding(management, host, binding)),
  ]);
  return found.flat();
}

async function compareExchange(
  management: Management,
  host: string,
  wanted: ExchangeSetup,
): Promise<readonly string[]> {
  const answer = await management.get(['exchanges', host, wanted.name]);
  if (answer === undefined) {
    return [`The exchange ${wanted.name} is missing: create it with \`bridge migrate\`.`];
  }

  const { type, arguments: actual, policy } = exchangeAnswer.parse(answer);
  // What a policy gives an exchange is not shown with it: an administrator who uses one is believed.
  const fixed = policy === undefined || policy === null || policy === '' ? wanted.fixed : {};
  const all = compare(`The exchange ${wanted.name}`, { type: wanted.type, ...fixed }, { ...actual, type });
  return all.map(({ sentence }) => `${sentence} ${remedyFor('exchange', wanted.name)}`);
}

async function compareQueue(
  management: Management,
  host: string,
  wanted: QueueSetup,
  policies: Policies,
): Promise<readonly string[]> {
  const answer = await management.get(['queues', host, wanted.name]);
  if (answer === undefined) {
    return [`The queue ${wanted.name} is missing: create it with \`bridge migrate\`.`];
  }

  const { arguments: actual, policy: shown, effective_policy_definition } = queueAnswer.parse(answer);
  const { name: policy, definition: given } =
    policies === undefined
      ? { name: shown, definition: effective_policy_definition ?? {} }
      : policyFor(wanted.name, policies);
  const subject = `The queue ${wanted.name}`;
  const fixed = compare(subject, wanted.fixed, actual);
  const adjustable = compare(subject, wanted.adjustable, effective(actual, given));
  return [
    ...fixed.map(({ sentence }) => `${sentence} ${remedyFor('queue', wanted.name)}`),
    ...adjustable.map(({ sentence, name }) => {
      const isArgument = actual[`x-${name}`] !== undefined;
      const by =
        policy === undefined || policy === null || policy === '' ? 'No policy applies' : `The policy ${policy} says so`;
      return isArgument
        ? `${sentence} ${remedyFor('queue', wanted.name)}`
        : `${sentence} ${by}: run \`bridge migrate --broker-admin\`, or change the policies.`;
    }),
  ];
}

/**
 * The policy that applies to a queue: the broker shows it with the queue only after some seconds. Of several that match,
 * the one with the highest priority applies alone.
 */
function policyFor(queue: string, policies: NonNullable<Policies>) {
  const [policy] = policies
    .filter((each) => ['all', 'queues', 'quorum_queues'].includes(each['apply-to']) && matches(each.pattern, queue))
    .toSorted((left, right) => right.priority - left.priority);
  return { name: policy?.name, definition: policy?.definition ?? {} };
}

/** A pattern that only Erlang understands is taken for one that does not match. */
function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}

/** Where an argument and a policy both limit something, the lower value counts; otherwise the argument does. */
function effective(actual: Record<string, unknown>, given: Record<string, unknown>): Record<string, unknown> {
  const named = Object.entries(actual).map(([name, value]) => {
    const key = name.replace(/^x-/, '');
    const other = given[key];
    return [key, typeof value === 'number' && typeof other === 'number' ? Math.min(value, other) : value] as const;
  });
  return { ...given, ...Object.fromEntries(named) };
}

async function compareBinding(management: Management, host: string, wanted: BindingSetup): Promise<readonly string[]> {
  const { exchange, queue, key } = wanted;
  const answer = await management.get(['bindings', host, 'e', exchange, 'q', queue]);
  const bound = bindingsAnswer.safeParse(answer ?? []);
  return bound.success && bound.data.some(({ routing_key }) => routing_key === key || routing_key === '#')
    ? []
    : [`The queue ${queue} is not bound to ${exchange} with the key «${key}»: run \`bridge migrate\`.`];
}

function compare(subject: string, wanted: Settings, actual: Record<string, unknown>) {
  return Object.entries(wanted)
    .filter(([name, value]) => actual[name] !== value)
    .map(([name, value]) => ({
      name,
      sentence: `${subject} has ${name} = ${String(actual[name] ?? 'nothing')} and should have ${value}.`,
    }));
}
