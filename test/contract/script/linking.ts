import type { Script, Stage } from '../stage.ts';
import { article, ticket } from './drafts.ts';

const link = (data: object) => (stage: Stage) => stage.call('LinkAdd', { ...both(stage), ...data });

const both = (stage: Stage) => ({ SourceTicketID: stage.id('one'), TargetTicketID: stage.id('other') });

/** The operation of the add-on package. */
export const linking: Script = {
  'two tickets to link': async (stage) => {
    for (const name of ['one', 'other', 'third']) {
      stage.remember(name, await stage.ask('TicketCreate', { Ticket: { ...ticket, Title: name }, Article: article }));
      await stage.history(stage.id(name));
    }
    return {};
  },
  'a link without source': link({ SourceTicketID: '' }),
  'a link without target': link({ TargetTicketID: '' }),
  'a link to what is no ticket': link({ TargetTicketID: 'abc' }),
  'a link to a missing ticket': link({ TargetTicketID: '999999' }),
  'a link of a missing ticket': link({ SourceTicketID: '999999' }),
  'a link of a ticket with itself': (stage) => link({ TargetTicketID: stage.id('one') })(stage),
  'a link of an unknown type': link({ Type: 'Nope' }),
  'a link under a session that there is not': (stage) => stage.call('LinkAdd', both(stage), { SessionID: 'none' }),
  'a link': link({}),
  'a link again': link({ Type: 'Normal' }),
  'a link the other way round': (stage) =>
    link({ SourceTicketID: stage.id('other'), TargetTicketID: stage.id('one') })(stage),
  'a link of another type': link({ Type: 'ParentChild' }),
  'a link of parent and child': (stage) => link({ TargetTicketID: stage.id('third'), Type: 'ParentChild' })(stage),
  'a link of child and parent': (stage) =>
    link({ SourceTicketID: stage.id('third'), TargetTicketID: stage.id('one'), Type: 'ParentChild' })(stage),
  'what the histories tell of links': async (stage) => ({
    one: await stage.history(stage.id('one')),
    other: await stage.history(stage.id('other')),
    third: await stage.history(stage.id('third')),
  }),
};
