import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../../../connectors/otrs/connector.ts';
import { startSandboxOtrs } from '../../../../sandbox/otrs/server.ts';
import { parseXml, type XmlElement } from '../../../../sandbox/otrs/wire/xml.ts';
import type { Desk } from '../../../../src/connector.ts';
import type { Ref } from '../../../../src/domain/ticket.ts';
import { expectedNames } from '../../../support/expected-names.ts';
import { transports } from '../connected.ts';

const signal = new AbortController().signal;
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

test('the definition names every element that the desk writes, and has one answer for each operation', async () => {
  const sandbox = await startSandboxOtrs();
  stops.push(() => sandbox.stop());
  const { heard, port } = await listening(sandbox.url);
  const options = otrs.options.parse({
    ...transports.SOAP,
    base_url: `http://127.0.0.1:${port}/otrs`,
    login: 'bridge',
    password: 'bridge',
    time_zone: sandbox.timeZone,
    operations: { link_add: {} },
  });
  const { desk } = otrs.connect(options, { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() });
  stops.push(() => desk.close());

  await doEverything(desk, sandbox.createTicket({ title: 'Заявка', text: 'Текст' }));

  const said = heard.map((each) => messageOf(each.said));
  const operations = Object.values(options.operations).flatMap((calling) => (calling ? [calling.name] : []));
  expect([...new Set(said.map(({ name }) => name))].toSorted()).toEqual(operations.toSorted());
  expect([...new Set(said.flatMap(undeclared))]).toEqual([]);
  for (const { answer } of heard) {
    expect(elements.has(messageOf(answer).name)).toBe(true);
  }
});

/** Each of the desk's methods once, with all that it can say. */
async function doEverything(desk: Desk, { id, number }: { id: string; number: string }): Promise<void> {
  const ref: Ref = { system: 'otrs', id, key: number };
  const note = { text: 'Текст', subject: 'Тема', visibility: 'internal', notify: 'agents' } as const;
  const draft = {
    project: 'NTTM::2ЛТП',
    type: 'Инцидент',
    title: 'Связанная',
    text: 'Текст',
    priority: '3 Средний',
    state: 'Назначено',
    requester: 'user.volga',
    labels: [],
    fields: { service: 'NTTM: Техническая поддержка', solution: 'x' },
  };
  const open = {
    do: 'open',
    role: 'related',
    system: 'otrs',
    name: 'eip',
    key: 'open:related:eip',
    origin: ref,
    draft,
  } as const;
  const opened = await desk.open(draft, open.key, ref, signal);
  await desk.find(open, signal);
  await desk.relate(ref, opened.ref, { title: '', url: '', type: 'ParentChild' }, signal);
  await desk.update(ref, { title: 'Тема', priority: '2 Высокий', solution: '', related_system: 'eip' }, signal);
  await desk.comment(ref, note, 'comment:jira:1', signal);
  const file = { name: 'a.txt', contentType: 'text/plain', size: 3, open: () => Readable.from([Buffer.from('abc')]) };
  await desk.attach(ref, file, note, 'attach:jira:1', signal);
  const [attachment] = (await desk.read(ref, signal)).attachments;
  const into = new Writable({ write: (_chunk, _encoding, done) => done() });
  await desk.fetch(ref, attachment as NonNullable<typeof attachment>, into, signal);
  await desk.move(ref, { to: 'Ожидание информации', fields: {}, phase: 'pending' }, signal);
  await desk.assign(ref, 'petrova.2l', signal);
  await desk.locate(number, signal);
  await desk.changedSince(DateTime.now().minus({ hours: 1 }), undefined, signal);
  await desk.check(expectedNames({ services: [{ name: 'NTTM: Техническая поддержка', at: 'x' }] }), signal);
}

const definition = parseXml(readFileSync('connectors/otrs/soap/ticket-connector.wsdl', 'utf8'));
const schema = child(child(definition, 'types'), 'schema');
const elements = new Map(named(schema, 'element'));
const types = new Map(named(schema, 'complexType'));

/** Names of elements that the type of their parent does not have. */
function undeclared(message: XmlElement): string[] {
  const declared = elements.get(message.name);
  return declared === undefined ? [message.name] : strangers(message, child(declared, 'complexType'));
}

function strangers(element: XmlElement, type: XmlElement): string[] {
  const known = new Map(named(child(type, 'sequence'), 'element'));
  return element.children.flatMap((each) => {
    const declared = known.get(each.name);
    if (declared === undefined) {
      // The definition says in words that a search may be for any dynamic field.
      return each.name.startsWith('DynamicField_') ? [] : [`${element.name}.${each.name}`];
    }

    const inner = types.get(declared.attributes.type?.replace('tns:', '') ?? '');
    return inner === undefined ? each.children.map(({ name }) => `${each.name}.${name}`) : strangers(each, inner);
  });
}

function child(element: XmlElement, name: string): XmlElement {
  const found = element.children.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`${element.name} has no ${name}`);
  }
  return found;
}

function named(element: XmlElement, kind: string): (readonly [string, XmlElement])[] {
  return element.children
    .filter(({ name }) => name === kind)
    .map((each) => [each.attributes.name ?? '', each] as const);
}

function messageOf(envelope: string): XmlElement {
  const [message] = child(parseXml(envelope), 'Body').children;
  return message ?? child(parseXml(envelope), 'Body');
}

/** Everything that the desk says to OTRS, and what it is answered. */
async function listening(to: string) {
  const heard: { readonly said: string; readonly answer: string }[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const said = await buffer(incoming);
    const { method, headers } = incoming;
    const forwarded = request(new URL(incoming.url ?? '/', to), { method, headers }).end(said);
    const [answer] = await once(forwarded, 'response');
    const bytes = await buffer(answer);
    heard.push({ said: said.toString('utf8'), answer: bytes.toString('utf8') });
    outgoing.writeHead(answer.statusCode, answer.headers).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { heard, port: (server.address() as AddressInfo).port };
}
