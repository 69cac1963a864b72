import { envelope, type Script, toXml } from '../stage.ts';

const json = { 'Content-Type': 'application/json' };
const xml = { 'Content-Type': 'text/xml; charset=utf-8' };
const namespace = 'http://www.otrs.org/TicketConnector/';
const search = envelope('<t:TicketSearch/>');

/** What never reaches an operation. */
export const rest: Script = {
  'an unknown web service': ({ raw }) => raw({ method: 'GET', webService: 'nope', path: '/Session/1' }),
  'an unknown route': ({ raw }) => raw({ method: 'GET', path: '/Nope' }),
  'no route': ({ raw }) => raw({ method: 'GET' }),
  'a wrong method': ({ raw }) => raw({ method: 'PUT', path: '/Ticket/1', headers: json, body: '{"a":1}' }),
  'broken JSON': ({ raw }) => raw({ method: 'POST', path: '/TicketSearch', headers: json, body: '{' }),
  'an empty object': ({ raw }) => raw({ method: 'POST', path: '/TicketSearch', headers: json, body: '{}' }),
  'a list': ({ raw }) => raw({ method: 'POST', path: '/TicketSearch', headers: json, body: '[1]' }),
  'a text': ({ raw }) => raw({ method: 'POST', path: '/TicketSearch', headers: json, body: '"text"' }),
  'no body': ({ raw }) => raw({ method: 'POST', path: '/TicketSearch', headers: json }),
  'a body of another type': ({ raw, party }) =>
    raw({ method: 'POST', path: '/Session', headers: { 'Content-Type': 'text/plain' }, body: login(party.bridge) }),
  'a body in a GET is not read': ({ raw }) => raw({ method: 'GET', path: '/Ticket/1?UserLogin=x&Password=y' }),
};

export const soap: Script = {
  'an unknown web service': ({ raw }) => raw({ method: 'POST', webService: 'nope', headers: xml, body: search }),
  'no body': ({ raw }) => raw({ method: 'POST', headers: xml }),
  'a GET for the WSDL': ({ raw }) => raw({ method: 'GET', path: '?wsdl' }),
  'broken XML': ({ raw }) => raw({ method: 'POST', headers: xml, body: '<broken' }),
  'no XML': ({ raw }) => raw({ method: 'POST', headers: xml, body: 'hello' }),
  'tags that cross': ({ raw }) => raw({ method: 'POST', headers: xml, body: '<a><b></a></b>' }),
  'no end': ({ raw }) => raw({ method: 'POST', headers: xml, body: '<a><b>' }),
  'an entity that nobody declared': ({ raw }) => raw({ method: 'POST', headers: xml, body: '<a>&b;</a>' }),
  'no envelope': ({ raw }) => raw({ method: 'POST', headers: xml, body: '<a><b>1</b></a>' }),
  'an empty envelope': ({ raw }) => raw({ method: 'POST', headers: xml, body: envelope('') }),
  'an empty operation': ({ raw }) => raw({ method: 'POST', headers: xml, body: search }),
  'an unknown operation': ({ raw }) => raw({ method: 'POST', headers: xml, body: envelope('<t:Nope/>') }),
  'two operations': ({ raw, session }) =>
    raw({
      method: 'POST',
      headers: xml,
      body: envelope(`<t:TicketSearch>${toXml(session)}</t:TicketSearch><t:SessionGet>${toXml(session)}</t:SessionGet>`)
        .replace('SessionGet', 'AGet')
        .replace('/t:SessionGet', '/t:AGet'),
    }),
  'another namespace': ({ raw }) =>
    raw({ method: 'POST', headers: xml, body: envelope('<t:TicketSearch/>', 'urn:other') }),
  'another type': ({ raw }) =>
    raw({ method: 'POST', headers: { 'Content-Type': 'application/soap+xml; charset=utf-8' }, body: search }),
  'no charset': ({ raw }) => raw({ method: 'POST', headers: { 'Content-Type': 'text/xml' }, body: search }),
  ...Object.fromEntries(
    [
      `"${namespace}#TicketSearch"`,
      `${namespace}#TicketSearch`,
      `"${namespace}TicketSearch"`,
      `"${namespace}#TicketGet"`,
      '"urn:other#TicketSearch"',
      'TicketSearch',
      '"TicketSearch"',
      '""',
    ].map((action) => [
      `the action ${action}`,
      ({ raw }) => raw({ method: 'POST', headers: { ...xml, SOAPAction: action }, body: search }),
    ]),
  ),
};

function login({ login: UserLogin, password: Password }: { readonly login: string; readonly password: string }) {
  return JSON.stringify({ UserLogin, Password });
}
