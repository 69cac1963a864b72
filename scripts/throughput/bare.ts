// A bare program that makes the same five calls per ticket as the bridge does, with axios, without deciding anything. As
// `durable` it commits the arrival and what happened to each write, as a program that wants to lose nothing has to.
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import { answerQuestions } from './child.ts';

const { OTRS_URL = '', JIRA_URL = '', CONCURRENCY = '32', DURABLE } = process.env;
const service = `${OTRS_URL}/nph-genericinterface.pl/Webservice/otrs-jira-bridge`;
const http = axios.create({ httpAgent: new Agent({ keepAlive: true, maxSockets: 256, timeout: 3_000 }), proxy: false });
const journal = DURABLE === undefined ? undefined : openJournal();
const waiting: number[] = [];
let running = 0;

const { data: session } = await http.post(`${service}/Session`, { UserLogin: 'bridge', Password: 'bridge' });
const otrsHeaders = { 'X-OTRS-Header-SessionID': session.SessionID };
const jiraHeaders = { authorization: 'Bearer sandbox-token', 'x-atlassian-token': 'no-check' };

const server = createServer(async (request, response) => {
  const { ticketId } = JSON.parse(await text(request));
  journal?.note(ticketId, 'arrived');
  response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
  waiting.push(ticketId);
  workOn();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
answerQuestions(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

function workOn(): void {
  while (running < Number(CONCURRENCY)) {
    const id = waiting.shift();
    if (id === undefined) {
      return;
    }

    running += 1;
    void carry(id)
      .catch(giveUp)
      .finally(() => {
        running -= 1;
        workOn();
      });
  }
}

async function carry(id: number): Promise<void> {
  const reading = 'AllArticles=1&DynamicFields=1&Attachments=1&GetAttachmentContents=0';
  const { data: answer } = await http.get(`${service}/Ticket/${id}?${reading}`, { headers: otrsHeaders });
  await http.get(`${service}/TicketHistory/${id}`, { headers: otrsHeaders });
  const [ticket] = answer.Ticket;
  const [{ Body: body }] = ticket.Article;
  const issue = await written(id, 'issue', () =>
    http.post(`${JIRA_URL}/rest/api/2/issue`, issueOf(ticket, body), { headers: jiraHeaders }),
  );
  await written(id, 'link', () =>
    http.post(`${JIRA_URL}/rest/api/2/issue/${issue.id}/remotelink`, linkOf(ticket), { headers: jiraHeaders }),
  );
  await written(id, 'shown', () =>
    http.patch(`${service}/Ticket/${id}`, updateOf(issue.key), { headers: otrsHeaders }),
  );
}

/** A bare program has no answer to a failure: the figures of such a run would mean nothing. */
function giveUp(thrown: unknown): never {
  console.error(`the bare program failed: ${thrown instanceof Error ? thrown.message : thrown}`);
  process.exit(1);
}

/** The intent before, the effect after. */
async function written(id: number, what: string, call: () => Promise<{ readonly data: { id: string; key: string } }>) {
  journal?.note(id, `${what} is sent`);
  const { data } = await call();
  journal?.note(id, `${what} is done`);
  return data;
}

function issueOf({ TicketNumber: number, Title: title, Priority: priority }: Record<string, string>, body: string) {
  return {
    fields: {
      project: { key: 'OSSTTMB2B' },
      issuetype: { id: '10001' },
      summary: title,
      description: `Обращение OTRS ${number}, ${priority}\nУслуга: NTTM: Техническая поддержка\n\nИнициатор: Анна Кузнецова\nМРФ: МРФ «Волга»\n\n${body}`,
      priority: { id: '3' },
      labels: ['otrs', `otrs-${number}`],
    },
    properties: [{ key: 'otrs-jira-bridge', value: { ticket: number, key: 'open:issue' } }],
  };
}

function linkOf({ TicketID: id, TicketNumber: number, Title: title }: Record<string, string>) {
  return {
    globalId: `system=${OTRS_URL}&id=${id}`,
    application: { type: 'otrs-jira-bridge', name: 'OTRS' },
    relationship: 'заявка OTRS',
    object: {
      url: `${OTRS_URL}/index.pl?Action=AgentTicketZoom;TicketID=${id}`,
      title: `OTRS ${number}: ${title}`,
      status: { resolved: false },
    },
  };
}

function updateOf(key: string) {
  const fields = {
    JiraKey: key,
    JiraUrl: `${JIRA_URL}/browse/${key}`,
    JiraStatus: 'Открыто',
    SlaReactionDue: '2026-11-24 07:00:01',
    SlaStatus: 'Срок идёт',
  };
  return {
    DynamicField: Object.entries(fields).map(([Name, Value]) => ({ Name, Value })),
    Ticket: { State: 'Передано на 3ЛТП', PendingTime: { Diff: 4320 } },
  };
}

/** Each note is on the disk before the next step, as in the bridge's store. */
function openJournal() {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const database = new DatabaseSync(join(folder, 'journal.sqlite'));
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  database.exec('create table journal (ticket integer, what text, at integer, primary key (ticket, what)) strict');
  const insert = database.prepare('insert or replace into journal values (?, ?, ?)');
  return { note: (ticket: number, what: string) => void insert.run(ticket, what, Date.now()) };
}
