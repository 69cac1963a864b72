import type { Profile, World } from './world.ts';

/** Something that goes wrong while people write. */
export interface Scenario {
  readonly title: string;
  readonly profiles: readonly Profile[];
  /** Brings it about, tells the world of every blow (`struck`), and resolves when all is well again. */
  readonly play: (world: World) => Promise<void>;
}

export const both: readonly Profile[] = ['embedded', 'production'];

/** One of them by the dice of the world. */
export function anyOf<Item>(items: readonly Item[], { random }: World): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) {
    throw new Error('there is nothing to choose from');
  }

  return item;
}

/** The servers of the production profile. */
export function serversOf({ servers }: World) {
  if (servers === undefined) {
    throw new Error('the embedded profile has neither broker nor database server');
  }

  return servers;
}
