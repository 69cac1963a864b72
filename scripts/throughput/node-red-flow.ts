import type { Addresses } from './systems.ts';

/** The nodes of one tab, as Node-RED keeps them. */
type Nodes = readonly Readonly<Record<string, unknown>>[];

/** Webhook, answer, then five calls one after the other, each prepared by a function. */
export function flowOf({ otrs, jira }: Addresses, session: string): Nodes {
  const service = `${otrs}/nph-genericinterface.pl/Webservice/otrs-jira-bridge`;
  const reading = 'AllArticles=1&DynamicFields=1&Attachments=1&GetAttachmentContents=0';
  const otrsHeaders = `{ 'X-OTRS-Header-SessionID': '${session}', 'content-type': 'application/json' }`;
  const jiraHeaders = `{ authorization: 'Bearer sandbox-token', 'x-atlassian-token': 'no-check', 'content-type': 'application/json' }`;
  const steps = [
    `if (msg.payload.ticketId === undefined) return null;
     msg.id = msg.payload.ticketId; delete msg.req; delete msg.res;
     msg.method = 'GET'; msg.headers = ${otrsHeaders}; msg.url = '${service}/Ticket/' + msg.id + '?${reading}'; msg.payload = '';`,
    `msg.ticket = msg.payload.Ticket[0];
     msg.method = 'GET'; msg.headers = ${otrsHeaders}; msg.url = '${service}/TicketHistory/' + msg.id; msg.payload = '';`,
    `const { TicketNumber: number, Title: title, Article: [{ Body: body }] } = msg.ticket;
     msg.method = 'POST'; msg.headers = ${jiraHeaders}; msg.url = '${jira}/rest/api/2/issue';
     msg.payload = {
       fields: {
         project: { key: 'OSSTTMB2B' }, issuetype: { id: '10001' }, summary: title, priority: { id: '3' },
         description: 'Обращение OTRS ' + number + '\\n\\n' + body, labels: ['otrs', 'otrs-' + number],
       },
       properties: [{ key: 'otrs-jira-bridge', value: { ticket: number, key: 'open:issue' } }],
     };`,
    `msg.issue = msg.payload;
     msg.method = 'POST'; msg.headers = ${jiraHeaders}; msg.url = '${jira}/rest/api/2/issue/' + msg.issue.id + '/remotelink';
     msg.payload = {
       globalId: 'system=otrs&id=' + msg.id,
       object: { url: '${otrs}/index.pl?Action=AgentTicketZoom;TicketID=' + msg.id, title: 'OTRS ' + msg.ticket.TicketNumber },
     };`,
    `msg.method = 'PATCH'; msg.headers = ${otrsHeaders}; msg.url = '${service}/Ticket/' + msg.id;
     msg.payload = {
       DynamicField: [
         { Name: 'JiraKey', Value: msg.issue.key }, { Name: 'JiraStatus', Value: 'Открыто' },
         { Name: 'JiraUrl', Value: '${jira}/browse/' + msg.issue.key },
       ],
       Ticket: { State: 'Передано на 3ЛТП', PendingTime: { Diff: 4320 } },
     };`,
  ];

  const tab = { id: 'tab', type: 'tab', label: 'bench' };
  const door = {
    id: 'door',
    type: 'http in',
    z: 'tab',
    url: '/webhook',
    method: 'post',
    wires: [['answer', 'prepare-0']],
  };
  const answer = { id: 'answer', type: 'http response', z: 'tab', statusCode: '202', headers: {}, wires: [] };
  const calls = steps.flatMap((code, index) => [
    {
      id: `prepare-${index}`,
      type: 'function',
      z: 'tab',
      func: `${code}\nreturn msg;`,
      outputs: 1,
      wires: [[`call-${index}`]],
    },
    {
      id: `call-${index}`,
      type: 'http request',
      z: 'tab',
      method: 'use',
      ret: 'obj',
      paytoqs: 'ignore',
      url: '',
      persist: true,
      wires: [index + 1 < steps.length ? [`prepare-${index + 1}`] : []],
    },
  ]);
  return [tab, door, answer, ...calls];
}
