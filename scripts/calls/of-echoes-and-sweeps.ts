import type { Calls, CountedBridge } from '../counted-bridge.ts';
import type { Kind, Scene } from './kind.ts';

const NONE = { reads: 0, writes: 0 };

/** What comes back to the bridge, and what it finds by itself. */
export const ofEchoesAndSweeps: readonly Kind[] = [
  {
    event: 'own change',
    otrs: NONE,
    jira: NONE,
    because:
      'OTRS judges each event by who acted and sends none of the bridge’s own; the comment’s author in JIRA’s webhook is the bridge’s account.',
    happens: async ({ bridge, escalated }) => {
      const { ticket, issue } = await escalated();
      bridge.jira.transition(issue, 'В работе');
      bridge.otrs.addArticle(ticket.id, { text: 'Ошибка повторилась', by: 'user.volga' });
      await bridge.react();
    },
  },
  {
    event: 'own article, where OTRS does not filter',
    otrs: NONE,
    jira: NONE,
    because: 'The webhook names the author of the article, and the bridge’s own is dropped at the door.',
    isEchoing: true,
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      await bridge.react();
      bridge.otrs.shapeWebhooks('generic');
      bridge.jira.comment(issue, 'Проверьте ещё раз');
      await bridge.react();
      await bridge.otrs.settled();
      bridge.otrs.shapeWebhooks('short');
    },
  },
  {
    event: 'own change of state, where OTRS does not filter',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because:
      'The webhook names nobody, and who changed the ticket last proves nothing: the look finds that both sides agree, and ends there.',
    isEchoing: true,
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      await bridge.react();
      bridge.jira.transition(issue, 'В работе');
      await bridge.react();
    },
  },
  {
    event: 'sweep that finds nothing',
    otrs: { reads: 3, writes: 0 },
    jira: { reads: 4, writes: 0 },
    because:
      'The newest ticket is searched and read before the search that counts: it tells the clock of OTRS, and that finding nothing is no mistake, for OTRS answers a wrong name with nothing and what it does not understand with everything. JIRA: its clock, the zone of the account, the search, and the same proof.',
    happens: async (scene) => {
      await scene.escalated();
      await swept(scene);
    },
    counts: (bridge) => bridge.sweep(),
  },
  {
    event: 'sweep that finds what an earlier one has found',
    otrs: { reads: 4, writes: 0 },
    jira: { reads: 3, writes: 0 },
    because:
      'As before, and since a search gives ids alone, one read for up to fifty tickets with the times by which they are known: nothing is looked at. JIRA needs no proof where it has found something.',
    happens: async (scene) => {
      await changed(scene);
      await sweepAndLook(scene.bridge);
    },
    counts: sweepAndLook,
  },
  {
    event: 'sweep that finds a change first, dealt with before',
    otrs: { reads: 6, writes: 0 },
    jira: { reads: 5, writes: 0 },
    because:
      'As before, and one look: a search names no author and times are whole seconds, so a change of people may hide behind the bridge’s own.',
    happens: changed,
    counts: sweepAndLook,
  },
  {
    event: 'session that has died',
    otrs: { reads: 4, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because:
      'A look at two reads; nothing tells how long a session lives, so the first read is refused, the login follows, and the read is made again.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Смотрю', by: 'petrova.2l', visibility: 'internal' });
      bridge.otrs.expireSessions();
    },
  },
];

/** Everything that has happened so far lies behind what the next sweep asks for. */
async function swept({ bridge }: Scene): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    bridge.pass({ minutes: 20 });
    await sweepAndLook(bridge);
  }
  bridge.pass({ minutes: 20 });
}

/** A ticket that was dealt with a minute ago, and that no sweep has found yet. */
async function changed(scene: Scene): Promise<void> {
  await swept(scene);
  await scene.escalated();
  scene.bridge.pass({ minutes: 1 });
}

async function sweepAndLook(bridge: CountedBridge): Promise<Calls> {
  const asked = await bridge.sweep();
  const { jira, otrs } = await bridge.react();
  return { jira: [...asked.jira, ...jira], otrs: [...asked.otrs, ...otrs] };
}
