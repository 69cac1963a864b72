import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { options } from '../../../../connectors/otrs/options.ts';
import { speakSoap } from '../../../../connectors/otrs/soap/soap.ts';
import { CONTENT, type Request } from '../../../../connectors/otrs/transport.ts';
import { parseXml, type XmlElement } from '../../../../sandbox/otrs/wire/xml.ts';

const connected = (settings: object = {}) =>
  options.parse({
    base_url: 'https://desk.example.test/otrs',
    login: 'bridge',
    password: 'x',
    transport: 'soap',
    operations: { link_add: {} },
    ...settings,
  });

const update: Request = {
  operation: 'ticket_update',
  effect: 'write',
  purpose: 'write into ticket 5',
  path: { TicketID: '5' },
  sessionId: 'sEcReT',
};

async function written(request: Request, settings: object = {}) {
  const { body, ...outgoing } = await speakSoap(connected(settings)).write(request);
  const opened = body?.open() ?? Buffer.alloc(0);
  const xml = Buffer.isBuffer(opened) ? opened.toString('utf8') : await text(opened);
  expect(Buffer.byteLength(xml)).toBe(body?.length);
  return { ...outgoing, xml };
}

/** The data of the call as OTRS reads them: names without prefix. */
async function sent(data: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { xml } = await written({ ...update, data });
  const message = parseXml(xml).children[0]?.children[0];
  return message === undefined ? undefined : toValue(message);
}

function toValue({ children, text: own }: XmlElement): unknown {
  return children.length === 0 ? own : children.map((child) => [child.name, toValue(child)]);
}

describe('a request over SOAP', () => {
  test('is posted to the web service itself with an empty action, the session among its data', async () => {
    const { xml, ...outgoing } = await written({ ...update, data: { Ticket: { State: 'Закрыто' } } });

    expect(outgoing).toEqual({
      method: 'POST',
      url: 'https://desk.example.test/otrs/nph-genericinterface.pl/Webservice/otrs-jira-bridge',
      headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' },
    });
    expect(xml).toBe(
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
        '<TicketUpdate xmlns="http://www.otrs.org/TicketConnector/">' +
        '<SessionID>sEcReT</SessionID><TicketID>5</TicketID><Ticket><State>Закрыто</State></Ticket>' +
        '</TicketUpdate></soap:Body></soap:Envelope>',
    );
  });

  test('goes where, and is called what, the configuration says', async () => {
    const { url, xml } = await written(update, {
      base_url: 'https://desk.example.test/otobo',
      interface_path: '/api/gi.pl',
      web_service: 'Мост',
      soap_namespace: 'urn:otobo',
      operations: { ticket_update: { name: 'Update' } },
    });

    expect(url).toBe(`https://desk.example.test/otobo/api/gi.pl/Webservice/${encodeURIComponent('Мост')}`);
    expect(xml).toContain('<Update xmlns="urn:otobo">');
    expect(parseXml(xml).children[0]?.children[0]?.name).toBe('Update');
  });

  test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['numbers and truths are texts', { Ticket: { Lock: 1, Title: true } }, [['Ticket', expect.arrayContaining([])]]],
    [
      'a list is an element for each',
      { TicketNumber: ['1', '2'] },
      [
        ['TicketNumber', '1'],
        ['TicketNumber', '2'],
      ],
    ],
    [
      'a list of records is a record for each, its elements in the order of the definition',
      {
        DynamicField: [
          { Value: 'b', Name: 'A' },
          { Name: 'C', Value: ['d', 'e'] },
        ],
      },
      [
        [
          'DynamicField',
          [
            ['Name', 'A'],
            ['Value', 'b'],
          ],
        ],
        [
          'DynamicField',
          [
            ['Name', 'C'],
            ['Value', 'd'],
            ['Value', 'e'],
          ],
        ],
      ],
    ],
    [
      'an empty list is an empty value, which clears the field',
      { DynamicField: [{ Name: 'A', Value: [] }] },
      [
        [
          'DynamicField',
          [
            ['Name', 'A'],
            ['Value', ''],
          ],
        ],
      ],
    ],
    ['an absent value is an empty one', { TicketNumber: undefined }, [['TicketNumber', '']]],
    [
      'a search in a field goes along, though the definition cannot name it',
      { DynamicField_JiraKey: { Equals: 'OSS-1' } },
      [['DynamicField_JiraKey', [['Equals', 'OSS-1']]]],
    ],
  ])('%s', async (title, data, elements) => {
    const [session, ticket, ...others] = (await sent(data)) as readonly unknown[];

    expect([session, ticket]).toEqual([
      ['SessionID', 'sEcReT'],
      ['TicketID', '5'],
    ]);
    expect(others).toEqual(
      title.startsWith('numbers')
        ? [
            [
              'Ticket',
              [
                ['Title', 'true'],
                ['Lock', '1'],
              ],
            ],
          ]
        : elements,
    );
  });

  test.each([
    ['markup', '<b>жирно</b> & "так" \'и\' &lt;так&gt;', undefined],
    ['line ends and blanks', '  а\n\n\tб  \n', undefined],
    ['a line end of Windows', 'а\r\nб', undefined],
    ['an emoji', '😀', undefined],
    ['what looks like text that is marked as such', '<![CDATA[x]]>', undefined],
    [
      'an element that a comment would like to be',
      '<![CDATA[x]]></Body><IsVisibleForCustomer>1</IsVisibleForCustomer><Body><![CDATA[y]]>',
      undefined,
    ],
    ['the end of text that is marked as such', 'a ]]> b', undefined],
    ['control characters, which XML cannot hold', 'a\u0000\u001b[31mb\u000b\u0085\u009f\uffff', 'a[31mb\u0085'],
    ['half of a surrogate pair', 'a\ud83d', 'a\ufffd'],
  ])('%s in a text arrives as it is, and is never taken for markup', async (_, value, arrived = value) => {
    const data = await sent({ Article: { Subject: 'Тема', Body: value, IsVisibleForCustomer: 0 } });

    expect(data).toEqual([
      ['SessionID', 'sEcReT'],
      ['TicketID', '5'],
      [
        'Article',
        [
          ['IsVisibleForCustomer', '0'],
          ['Subject', 'Тема'],
          ['Body', arrived],
        ],
      ],
    ]);
  });

  test('a file is read while the request is sent', async () => {
    const bytes = Buffer.from('Привет, файл');
    const content = {
      size: bytes.length,
      async *open() {
        yield bytes.subarray(0, 4);
        yield bytes.subarray(4);
      },
    };
    const data = { Attachment: [{ ContentType: 'text/plain', Filename: 'a.txt', Content: CONTENT }] };

    const { xml } = await written({ ...update, data, content });

    expect(xml).toContain(`<Content>${bytes.toString('base64')}</Content><ContentType>text/plain<`);
  });
});

test('the definition has every operation that the bridge may call, and answers for each', () => {
  const definition = parseXml(readFileSync('connectors/otrs/soap/ticket-connector.wsdl', 'utf8'));
  const named = (element: XmlElement, kind: string): string[] =>
    element.children.filter(({ name }) => name === kind).map(({ attributes }) => attributes.name ?? '');
  const find = (name: string) => definition.children.find((child) => child.name === name) as XmlElement;
  const names = Object.values(connected().operations).map((calling) =>
    calling === false ? '' : (calling?.name ?? ''),
  );
  const elements = named(find('types').children[0] as XmlElement, 'element');

  expect(named(find('portType'), 'operation').toSorted()).toEqual(names.toSorted());
  expect(named(find('binding'), 'operation').toSorted()).toEqual(names.toSorted());
  expect(elements.toSorted()).toEqual(names.flatMap((name) => [name, `${name}Response`]).toSorted());
});
