import type { StoryRequest, ToldMatter } from '../domain/story.ts';
import { BridgeError } from '../errors.ts';
import { createLog } from '../log.ts';
import { loadSettings } from './config.ts';
import { openStoreReadOnly } from './store.ts';

/** `bridge story`: what the store knows, also while the bridge runs. Throws `RECORD_NOT_READABLE` for a ticket of nobody. */
export async function storyOf(file: string, { ticket: name, ...filter }: StoryRequest): Promise<ToldMatter> {
  const { config, policy } = await loadSettings(file);
  const store = openStoreReadOnly(config, createLog(config.log.level));
  try {
    const ticket = await store.ticketNamed(name);
    if (ticket === undefined) {
      const advice = 'Give the ticket number, the id from its address, or the key of its issue.';
      throw new BridgeError('RECORD_NOT_READABLE', `the store knows no ticket «${name}»: none ever arrived. ${advice}`);
    }

    const zone = policy.clock.sla.targets[0]?.calendar.zone.name ?? 'utc';
    return { matter: await store.storyMatter(ticket, filter), zone };
  } finally {
    await store.close();
  }
}
