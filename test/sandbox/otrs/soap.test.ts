import { afterEach, describe, expect, test } from '@jest/globals';
import { type SandboxOtrs, startSandboxOtrs } from '../../../sandbox/otrs/server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function start(): Promise<SandboxOtrs> {
  const sandbox = await startSandboxOtrs();
  closers.push(sandbox.stop);
  return sandbox;
}

const NAMESPACE = 'http://www.otrs.org/TicketConnector/';
const LOGIN = '<UserLogin>bridge</UserLogin><Password>bridge</Password>';

const envelope = (inner: string) =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="${NAMESPACE}"><e:Body>${inner}</e:Body></e:Envelope>`;
const operation = (name: string, inner: string) => envelope(`<t:${name}>${LOGIN}${inner}</t:${name}>`);

async function post(sandbox: SandboxOtrs, body: string, action = '""') {
  const answer = await fetch(`${sandbox.url}/nph-genericinterface.pl/Webservice/otrs-jira-bridge-soap`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: action },
    body,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    connection: answer.headers.get('connection'),
    text,
    /** What is in the envelope. */
    inside: /<soap:Body>(.*)<\/soap:Body><\/soap:Envelope>$/s.exec(text)?.[1] ?? '',
  };
}

/** As a real Znuny 6.5 answers the same calls. */
describe('the sandbox OTRS answers over SOAP as the real one', () => {
  test('an answer is an envelope, its fields stand in alphabetical order, and the connection is closed', async () => {
    const sandbox = await start();
    sandbox.createTicket({ title: 'Карточка & <кнопка>', text: 'Текст' });

    const answer = await post(
      sandbox,
      operation('TicketGet', '<TicketID>1</TicketID><DynamicFields>1</DynamicFields>'),
    );

    expect(answer).toMatchObject({ status: 200, type: 'text/xml; charset=UTF-8', connection: 'close' });
    expect(answer.inside).toMatch(/^<TicketGetResponse xmlns="http:\/\/www.otrs.org\/TicketConnector\/"><Ticket><Age>/);
    expect(answer.inside).toContain('<DynamicField><Name>JiraKey</Name><Value /></DynamicField>');
    expect(answer.inside).toContain('<Title>Карточка &amp; &lt;кнопка&gt;</Title>');
  });

  test.each<[string, string, string]>([
    ['none is nil', '<Title>нет такого</Title>', '<TicketSearchResponse xmlns="NS" xsi:nil="true" />'],
    ['one', '<Title>Один</Title>', '<TicketSearchResponse xmlns="NS"><TicketID>1</TicketID></TicketSearchResponse>'],
    [
      'several, newest first',
      '<Queues>NTTM::2ЛТП</Queues><Queues>NTTM::3ЛТП</Queues>',
      '<TicketSearchResponse xmlns="NS"><TicketID>2</TicketID><TicketID>1</TicketID></TicketSearchResponse>',
    ],
  ])('found tickets: %s', async (_, search, expected) => {
    const sandbox = await start();
    sandbox.createTicket({ title: 'Один', text: 'Один' });
    sandbox.createTicket({ title: 'Два', text: 'Два' });

    const { inside } = await post(sandbox, operation('TicketSearch', search));

    expect(inside).toBe(expected.replace('NS', NAMESPACE));
  });

  test.each<[string, string, string]>([
    ['a wrong login', '<t:TicketGet><TicketID>1</TicketID></t:TicketGet>', 'TicketGet.AuthFail'],
    ['nothing at all', '<t:TicketGet/>', 'TicketGet.AuthFail'],
    ['a missing ticket', `<t:TicketGet>${LOGIN}<TicketID>99</TicketID></t:TicketGet>`, 'TicketGet.AccessDenied'],
    [
      'a value that is nil',
      `<t:TicketUpdate>${LOGIN}<TicketID>1</TicketID><DynamicField><Name>Solution</Name><Value xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"/></DynamicField></t:TicketUpdate>`,
      'TicketUpdate.MissingParameter',
    ],
  ])('%s is an error with HTTP 200', async (_, inner, code) => {
    const sandbox = await start();
    sandbox.createTicket({ title: 'Заявка', text: 'Текст' });

    const { status, inside } = await post(sandbox, envelope(inner));

    expect([status, /<ErrorCode>(.*)<\/ErrorCode>/.exec(inside)?.[1]]).toEqual([200, code]);
  });

  test.each<[string, string, string, string]>([
    ['an unknown operation', operation('Nope', ''), '""', 'Got no OperationType!'],
    [
      'a SOAPAction as the vendor’s WSDL has it',
      operation('TicketGet', ''),
      `"${NAMESPACE}TicketGet"`,
      `Namespace from SOAPAction 'http://www.otrs.org/TicketConnector' does not match namespace from configuration '${NAMESPACE}'`,
    ],
    [
      'a SOAPAction of another operation',
      operation('TicketGet', ''),
      `"${NAMESPACE}#TicketCreate"`,
      "Operation from SOAP data 'TicketGet' does not match operation from SOAPAction 'TicketCreate'",
    ],
    [
      'a SOAPAction without namespace',
      operation('TicketGet', ''),
      'TicketGet',
      `SOAPAction 'TicketGet' does not match expected result '${NAMESPACE}#TicketGet'`,
    ],
  ])('%s is a fault in OTRS’s own namespace, called plain text', async (_, body, action, faultstring) => {
    const answer = await post(await start(), body, action);

    expect(answer).toMatchObject({ status: 500, type: 'text/plain; charset=UTF-8' });
    expect(answer.inside).toBe(
      `<Fault xmlns="${NAMESPACE}"><faultcode>Server</faultcode><faultstring>${faultstring}</faultstring></Fault>`,
    );
  });

  test('the right SOAPAction is taken', async () => {
    const { status } = await post(await start(), operation('SessionCreate', ''), `"${NAMESPACE}#SessionCreate"`);

    expect(status).toBe(200);
  });

  test.each<[string, string, number, string]>([
    ['no body', '', 411, 'Length Required'],
    ['broken XML', '<broken', 500, 'Error deserializing message:\nunclosed token'],
    ['no XML', 'hello', 500, 'Error deserializing message:\nsyntax error'],
    ['tags that cross', '<a><b></a></b>', 500, 'Error deserializing message:\nmismatched tag'],
    ['an entity that nobody declared', '<a>&b;</a>', 500, 'Error deserializing message:\nundefined entity'],
    ['no envelope', '<a><b>1</b></a>', 500, 'Got no result body from deserialized content'],
    ['an envelope without an operation', envelope(''), 500, 'Got no result body from deserialized content'],
  ])('%s is answered with a sentence', async (_, body, status, sentence) => {
    const answer = await post(await start(), body);

    expect([answer.status, answer.type]).toEqual([status, 'text/plain; charset=UTF-8']);
    expect(answer.text.startsWith(sentence)).toBe(true);
  });

  test.each<[string, string, string | null]>([
    ['entities and CDATA', 'a &amp; b &lt;c&gt; ]]&gt; <![CDATA[<x>]]>', 'a & b <c> ]]> <x>'],
    ['spaces around', '  два  слова  ', 'два  слова'],
    ['line ends', 'one\r\ntwo&#13;&#10;three', 'one\ntwo\r\nthree'],
    ['a comment within', 'a<!-- c -->b', 'ab'],
    ['nothing', '', null],
    ['spaces only', '   ', null],
  ])('a value with %s is taken for what it means', async (_, value, stored) => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Заявка', text: 'Текст' });
    sandbox.setField(id, 'Solution', 'прежнее');

    await post(
      sandbox,
      operation(
        'TicketUpdate',
        `<TicketID>${id}</TicketID><DynamicField><Name>Solution</Name><Value>${value}</Value></DynamicField>`,
      ),
    );

    expect(sandbox.ticket(id).fields.Solution).toBe(stored);
  });

  test('a value that its column cannot hold is a fault', async () => {
    const sandbox = await start();
    sandbox.createTicket({ title: 'Длина', text: 'Длина' });

    const { status, inside } = await post(
      sandbox,
      operation(
        'TicketUpdate',
        `<TicketID>1</TicketID><DynamicField><Name>Solution</Name><Value>${'ж'.repeat(3_801)}</Value></DynamicField>`,
      ),
    );

    expect(status).toBe(500);
    expect(inside).toContain('<faultstring>Dynamic Field Solution could not be set, please contact');
  });

  test('a file comes back as it went in', async () => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Файл', text: 'Файл' });
    const bytes = Buffer.from('Журнал: ошибка 500\n'.repeat(50_000));
    const attachment = `<Attachment><Content>${bytes.toString('base64')}</Content><ContentType>text/plain</ContentType><Filename>журнал.txt</Filename></Attachment>`;
    const article =
      '<Article><Subject>a</Subject><Body>b</Body><ContentType>text/plain; charset=utf-8</ContentType></Article>';

    await post(sandbox, operation('TicketUpdate', `<TicketID>${id}</TicketID>${article}${attachment}`));
    const { inside } = await post(
      sandbox,
      operation('TicketGet', `<TicketID>${id}</TicketID><AllArticles>1</AllArticles><Attachments>1</Attachments>`),
    );

    const [file] = sandbox.ticket(id).articles.at(-1)?.attachments ?? [];
    expect([file?.name, file?.content.size]).toEqual(['журнал.txt', bytes.length]);
    expect(Buffer.from(/<Content>(.*)<\/Content>/.exec(inside)?.[1] ?? '', 'base64').equals(bytes)).toBe(true);
  });

  test('faults of tests work as over REST', async () => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Заявка', text: 'Текст' });
    const get = () => post(sandbox, operation('TicketGet', `<TicketID>${id}</TicketID>`));
    sandbox.failNext({ status: 503, body: 'busy', operation: 'TicketGet' });
    sandbox.failNext({
      status: 200,
      result: { Error: { ErrorCode: 'TicketGet.AuthFail', ErrorMessage: 'no' } },
      query: /TicketID=1/,
    });
    sandbox.loseNextAnswer('TicketGet');

    expect((await get()).text).toBe('busy');
    expect((await get()).inside).toContain('<ErrorCode>TicketGet.AuthFail</ErrorCode>');
    await expect(get()).rejects.toMatchObject({ message: 'fetch failed' });
    expect((await get()).status).toBe(200);
    expect(sandbox.calls).toEqual(['TicketGet', 'TicketGet', 'TicketGet', 'TicketGet']);
  });
});
