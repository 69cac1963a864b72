import { setTimeout as sleep } from 'node:timers/promises';
import type { Beans } from './beans.ts';
import { deliver, type HookFlavour, type HookTarget } from './hook-delivery.ts';
import { type HookEvent, payloadsOf } from './hook-payloads.ts';
import { createRandom } from './random.ts';

/** What goes wrong with webhooks, by the same dice for the same seed. */
export interface Disturbance {
  readonly seed?: number;
  /** Events overtake each other. */
  readonly isShuffled?: boolean;
  /** Share that is never sent, in [0, 1]. */
  readonly dropped?: number;
  /** Share that is sent twice, in [0, 1]. */
  readonly repeated?: number;
  /** Comment events do not say who caused them. */
  readonly withoutUser?: boolean;
}

export interface Hooks {
  /** Sends in the background. */
  emit(event: HookEvent): void;
  add(target: HookTarget): void;
  targets(): readonly HookTarget[];
  /** As it is from now on; nothing stands for undisturbed. */
  disturb(disturbance?: Disturbance): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Deliveries that nobody took: refused, timed out or answered with an error. */
  lost(): number;
}

export interface HookContext {
  readonly beans: Beans;
  readonly flavour: HookFlavour;
  readonly now: () => number;
}

/** How far apart events may end up that overtake each other. */
const SHUFFLE_MS = 40;

export function createHooks({ beans, flavour, now }: HookContext, targets: readonly HookTarget[]): Hooks {
  const receivers = [...targets];
  const underWay = new Set<Promise<void>>();
  let changelogId = 10_000;
  let lost = 0;
  let disturbance: Disturbance = {};
  let random = createRandom(0);

  const track = (work: Promise<void>) => {
    const tracked: Promise<void> = work
      .catch(() => {
        lost += 1;
      })
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };

  const sendTo = (target: HookTarget, event: HookEvent) => {
    const isNamed = disturbance.withoutUser !== true;
    const payloads = payloadsOf(event, { beans, dialect: flavour.dialect, isNamed, changelogId: String(changelogId) });
    const told = payloads.filter(({ webhookEvent }) => target.events?.includes(webhookEvent) ?? true);
    for (const payload of told) {
      const isDropped = random() < (disturbance.dropped ?? 0);
      const isRepeated = random() < (disturbance.repeated ?? 0);
      for (let copy = 0; copy < (isDropped ? 0 : isRepeated ? 2 : 1); copy += 1) {
        const wait = disturbance.isShuffled === true ? sleep(random() * SHUFFLE_MS) : Promise.resolve();
        track(wait.then(() => deliver(target, payload, flavour, now())));
      }
    }
  };

  return {
    emit: (event) => {
      changelogId += 1;
      for (const target of receivers) {
        sendTo(target, event);
      }
    },
    add: (target) => receivers.push(target),
    targets: () => receivers,
    disturb: (wanted = {}) => {
      disturbance = wanted;
      random = createRandom(wanted.seed ?? 0);
    },
    idle: async () => {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
    },
    lost: () => lost,
  };
}
