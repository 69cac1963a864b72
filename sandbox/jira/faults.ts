import { createRandom } from './random.ts';

/** Troubles that a real JIRA or a proxy before it makes. Those that end in `-after-effect` come when JIRA has done it all. */
export type Fault =
  /** The proxy gives up although JIRA did what was asked. */
  | { readonly kind: 'bad-gateway-after-effect' }
  | { readonly kind: 'gateway-timeout-after-effect' }
  /** JIRA fails late, e.g. in a listener, and says so in its own form. */
  | { readonly kind: 'server-error-after-effect' }
  /** The connection breaks although JIRA did what was asked. */
  | { readonly kind: 'reset-after-effect' }
  /** The answer breaks off in the middle. */
  | { readonly kind: 'partial-body-after-effect' }
  | { readonly kind: 'reset-before-effect' }
  /** The connection breaks while the request still comes in. */
  | { readonly kind: 'reset-while-receiving'; readonly afterBytes?: number }
  | { readonly kind: 'server-error' }
  | { readonly kind: 'server-error-html' }
  | { readonly kind: 'request-timeout' }
  /** A proxy takes no such large request. */
  | { readonly kind: 'too-large' }
  /** `retryAfter` in seconds or as a date; `reason` as Cloud names it. */
  | { readonly kind: 'rate-limited'; readonly retryAfter?: string; readonly reason?: string }
  /** A single sign-on page with HTTP 200. */
  | { readonly kind: 'login-page' }
  | { readonly kind: 'login-page-after-effect' }
  | { readonly kind: 'redirect-to-login' }
  /** The credential is dead: JIRA shows what it shows to everyone, with HTTP 200. */
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'captcha' }
  /** The administrator allows shorter texts than the client thinks. */
  | { readonly kind: 'message-too-long'; readonly field?: string }
  /** Maintenance or a reindex. */
  | { readonly kind: 'unavailable'; readonly retryAfter?: string }
  | { readonly kind: 'slow'; readonly milliseconds: number };

/** Which requests a fault strikes; all of them if nothing is said. */
export interface Where {
  readonly method?: string;
  /** Tested against the path below `/rest/api/<version>`. */
  readonly path?: RegExp;
  /** How many requests; 1 if nothing is said. */
  readonly times?: number;
}

/** Faults by dice, the same for the same seed and the same order of requests. */
export interface RandomFaults extends Pick<Where, 'method' | 'path'> {
  readonly seed: number;
  /** Of the requests, in [0, 1]. */
  readonly share: number;
  readonly kinds: readonly AfterEffectKind[];
}

export type AfterEffectKind = Extract<Fault['kind'], `${string}-after-effect`>;

export interface Faults {
  failNext(fault: Fault, where?: Where): void;
  /** Nothing ends it. */
  failRandomly(faults?: RandomFaults): void;
  /** The fault that strikes this request, which uses it up. */
  take(method: string, path: string): Fault | undefined;
  /** The same for a fault that does not wait for the whole request. */
  takeEarly(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
  const armed: { readonly fault: Fault; readonly where: Where; left: number }[] = [];
  let dice: (RandomFaults & { readonly random: () => number }) | undefined;

  const takeArmed = (method: string, path: string, isEarly: boolean): Fault | undefined => {
    const struck = armed.find(
      ({ fault, where, left }) =>
        left > 0 && (fault.kind === 'reset-while-receiving') === isEarly && strikes(where, method, path),
    );
    if (struck !== undefined) {
      struck.left -= 1;
    }
    return struck?.fault;
  };

  const takeRandom = (method: string, path: string): Fault | undefined => {
    if (dice === undefined || !strikes(dice, method, path) || dice.random() >= dice.share) {
      return undefined;
    }

    const kind = dice.kinds[Math.floor(dice.random() * dice.kinds.length)];
    return kind === undefined ? undefined : { kind };
  };

  return {
    failNext: (fault, where = {}) => {
      armed.push({ fault, where, left: where.times ?? 1 });
    },
    failRandomly: (faults) => {
      dice = faults === undefined ? undefined : { ...faults, random: createRandom(faults.seed) };
    },
    take: (method, path) => takeArmed(method, path, false) ?? takeRandom(method, path),
    takeEarly: (method, path) => takeArmed(method, path, true),
  };
}

function strikes(where: Pick<Where, 'method' | 'path'>, method: string, path: string): boolean {
  return (where.method ?? method) === method && (where.path === undefined || where.path.test(path));
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, a stream as it comes, everything else as JSON. */
  readonly body: unknown;
}

/** Whether JIRA does what was asked before the trouble begins. */
export function isAfterEffect(fault: Fault): boolean {
  return fault.kind.endsWith('-after-effect') || fault.kind === 'slow';
}
