import type { Script } from '../stage.ts';

const nobody = {};

export const sessions: Script = {
  'a login gives a session': (stage) => stage.call('SessionCreate', logins(stage.party.bridge), nobody),
  'a wrong password': ({ call, party }) =>
    call('SessionCreate', { UserLogin: party.bridge.login, Password: 'wrong' }, nobody),
  'an unknown login': ({ call }) => call('SessionCreate', { UserLogin: 'nobody', Password: 'x' }, nobody),
  'a login without password': ({ call, party }) => call('SessionCreate', { UserLogin: party.bridge.login }, nobody),
  'a password without login': ({ call }) => call('SessionCreate', { Password: 'x' }, nobody),
  'a session tells whose it is': ({ call, session }) => call('SessionGet', session, nobody),
  'a session that there is not': ({ call }) => call('SessionGet', { SessionID: 'none' }, nobody),
  'a call under a session that there is not': ({ call }) =>
    call('TicketGet', { TicketID: '999999' }, { SessionID: 'none' }),
  'a search under a session that there is not': ({ call }) =>
    call('TicketSearch', { Title: 'x' }, { SessionID: 'none' }),
  'a history under a session that there is not': ({ call }) =>
    call('TicketHistoryGet', { TicketID: '999999' }, { SessionID: 'none' }),
  'an update under a session that there is not': ({ call }) =>
    call('TicketUpdate', { TicketID: '999999', Ticket: { State: 'В работе' } }, { SessionID: 'none' }),
  'a ticket under a session that there is not': ({ call }) =>
    call('TicketCreate', { Ticket: { Title: 'x' } }, { SessionID: 'none' }),
  'a call without a login': ({ call }) => call('TicketGet', { TicketID: '999999' }, nobody),
  'an update without a login': ({ call }) =>
    call('TicketUpdate', { TicketID: '999999', Ticket: { State: 'В работе' } }, nobody),
  'a ticket without a login': ({ call }) => call('TicketCreate', { Ticket: { Title: 'x' } }, nobody),
  'an update with half a login': ({ call, party }) =>
    call('TicketUpdate', { TicketID: '999999', Ticket: { State: 'В работе' } }, { UserLogin: party.bridge.login }),
  'a call with login and password': ({ call, party }) =>
    call('TicketGet', { TicketID: '999999' }, logins(party.bridge)),
  'a session is removed by login and password, and dead then': async ({ call, ask, party }) => {
    const { SessionID } = await ask('SessionCreate', logins(party.bridge));
    return {
      without: await call('SessionRemove', { SessionID }, nobody),
      removed: await call('SessionRemove', { SessionID }, logins(party.bridge)),
      again: await call('SessionRemove', { SessionID }, logins(party.bridge)),
      dead: await call('SessionGet', { SessionID }, nobody),
    };
  },
};

function logins({ login, password }: { readonly login: string; readonly password: string }) {
  return { UserLogin: login, Password: password };
}
