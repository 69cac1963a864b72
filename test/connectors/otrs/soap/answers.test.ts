import { describe, expect, test } from '@jest/globals';
import type { DocumentReader } from '../../../../connectors/otrs/document.ts';
import { options } from '../../../../connectors/otrs/options.ts';
import { speakSoap } from '../../../../connectors/otrs/soap/soap.ts';

const { read, scan, faultOf } = speakSoap(
  options.parse({ base_url: 'http://desk.example.test/otrs', login: 'bridge', password: 'x', transport: 'soap' }),
);

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
const SOAP = 'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"';
const enveloped = (message: string) =>
  `${DECLARATION}<soap:Envelope ${SOAP}><soap:Body>${message}</soap:Body></soap:Envelope>`;
const answer = (inside: string) => enveloped(`<TicketGetResponse xmlns="urn:x">${inside}</TicketGetResponse>`);

const bytesOf = (text: string | Buffer) => (typeof text === 'string' ? Buffer.from(text, 'utf8') : text);

/** What a reader is told, in pieces of this many bytes. */
async function scanned(text: string | Buffer, piece: number, take: DocumentReader['string'] = () => 'keep') {
  const told: string[] = [];
  const bytes = bytesOf(text);
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += piece) {
      yield bytes.subarray(at, at + piece);
    }
  };
  await scan(pieces(), {
    begin: (path) => told.push(`+${path}`),
    end: (path) => {
      told.push(`-${path}`);
    },
    value: (path, value) => told.push(`${path}=${value}`),
    string: take,
  });
  return told;
}

describe('an answer over SOAP is read', () => {
  test.each<[string, string, unknown]>([
    ['one of a kind is itself', '<TicketID>5</TicketID>', { TicketID: '5' }],
    ['several are a list', '<TicketID>5</TicketID><TicketID>7</TicketID>', { TicketID: ['5', '7'] }],
    ['nothing is an empty text', '<Value/><Other />', { Value: '', Other: '' }],
    ['blanks of a text stay', '<Body>  a\n\n b\t</Body>', { Body: '  a\n\n b\t' }],
    ['blanks between elements go', '\n  <A>\n    <B>1</B>\n  </A>\n', { A: { B: '1' } }],
    ['references are resolved', '<A>&lt;b&gt; &amp;amp; &quot;&apos; &#1078;&#x1F600;</A>', { A: `<b> &amp; "' ж😀` }],
    ['what is marked as text is text', '<A>x<![CDATA[<b>&amp;]]>y</A>', { A: 'x<b>&amp;y' }],
    ['comments are left out', '<A>x<!-- y -->z</A>', { A: 'xz' }],
    ['prefixes are left out', '<n:A xmlns:n="urn:n">x</n:A>', { A: 'x' }],
    [
      'names of a prototype are names',
      '<A><__proto__>x</__proto__><toString>y</toString></A>',
      { A: expect.anything() },
    ],
    ['control characters that XML does not know', '<A>a\u001b[31mb</A>', { A: 'a\u001b[31mb' }],
  ])('%s', async (_, inside, data) => {
    expect(await read(bytesOf(answer(inside)))).toEqual(data);
  });

  test('no hit is an answer without data', async () => {
    const nil =
      '<TicketSearchResponse xmlns="urn:x" xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" />';

    expect(await read(bytesOf(enveloped(nil)))).toEqual({});
  });

  test('a byte order mark and a header do no harm', async () => {
    const text = `\uFEFF<Envelope><Header><A>1</A></Header><Body><XResponse><B>2</B></XResponse></Body></Envelope>`;

    expect(await read(bytesOf(text))).toEqual({ B: '2' });
  });

  test('a long text comes whole, whatever stands at the ends of its pieces', async () => {
    const body = `${' \n'.repeat(40_000)}ж&#13;${'а&amp;'.repeat(30_000)}${'\t'.repeat(70_000)}`;

    expect(await read(bytesOf(answer(`<Body>${body}</Body>`)))).toEqual({
      Body: body.replaceAll('&amp;', '&').replace('&#13;', '\r'),
    });
  });

  test('a fault is no data', async () => {
    const fault = enveloped(
      '<Fault xmlns="urn:x"><faultcode>Server</faultcode><faultstring>Got no &lt;x&gt;</faultstring></Fault>',
    );

    await expect(read(bytesOf(fault))).rejects.toThrow(/a fault: Got no <x>/);
    expect(await faultOf(fault)).toBe('Got no <x>');
    expect(await faultOf(answer('<A/>'))).toBeUndefined();
    expect(await faultOf('Error deserializing message')).toBeUndefined();
  });
});

describe('an answer over SOAP that is too large to be held is scanned', () => {
  const text = answer(
    '<Ticket><Article><ArticleID>7</ArticleID><Attachment><Content>0J/RgNC40LLQtdGC</Content><FileID>1</FileID></Attachment><Attachment><Content/></Attachment><From>&quot;Анна&quot; &lt;a@b.c&gt;</From></Article></Ticket>',
  );

  test.each([1, 2, 3, 7, 64, 100_000])('the same is told of it in pieces of %i bytes', async (piece) => {
    const content: string[] = [];
    const told = await scanned(text, piece, (path) =>
      path.endsWith('.Content') ? (part) => void content.push(part.toString('utf8')) : 'keep',
    );

    expect(content.join('')).toBe('0J/RgNC40LLQtdGC');
    expect(told).toEqual([
      '+',
      '+Ticket',
      '+Ticket.Article',
      'Ticket.Article.ArticleID=7',
      '+Ticket.Article.Attachment',
      'Ticket.Article.Attachment.FileID=1',
      '-Ticket.Article.Attachment',
      '+Ticket.Article.Attachment',
      'Ticket.Article.Attachment.Content=',
      '-Ticket.Article.Attachment',
      'Ticket.Article.From="Анна" <a@b.c>',
      '-Ticket.Article',
      '-Ticket',
      '-',
    ]);
  });

  test('what nobody wants is left out, what is kept is bounded', async () => {
    const long = answer(`<A>${'a'.repeat(5_000)}</A>`);

    expect(await scanned(long, 1_000, () => 'skip')).toEqual(['+', '-']);
    await expect(scanned(long, 1_000)).rejects.toThrow(SyntaxError);
  });
});

const many = (count: number, text: string) => text.repeat(count);
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;

const hostile: readonly (readonly [title: string, body: string | Buffer])[] = [
  ['entities of its own', `${LAUGHS}<Envelope><Body><X>&b;</X></Body></Envelope>`],
  [
    'an entity from a file',
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Envelope><Body><X>&f;</X></Body></Envelope>',
  ],
  ['a document type that never ends', `<!DOCTYPE x [${many(200_000, '<!ENTITY a "x">')}`],
  ['a declaration amid its data', answer('<A><!ENTITY a "x"></A>')],
  ['an entity that nobody declared', answer('<A>&nbsp;</A>')],
  ['an entity named after a property of every object', answer('<A>&constructor;</A>')],
  ['a reference to no character', answer('<A>&#0;</A>')],
  ['a reference to half a character', answer('<A>&#xD800;</A>')],
  ['a reference that never ends', answer(`<A>&${many(3_000_000, 'a')}`)],
  ['a million levels', answer(many(1_000_000, '<a>'))],
  ['a hundred levels that are closed again', answer(`${many(100, '<a>')}${many(100, '</a>')}`)],
  [
    'a hundred thousand attributes',
    answer(`<a ${Array.from({ length: 100_000 }, (_, at) => `b${at}=""`).join(' ')}/>`),
  ],
  ['an attribute that hides a method', answer('<a hasOwnProperty="1" b="2"/>')],
  ['an attribute of ten megabytes', answer(`<a b="${many(10_000_000, 'x')}"/>`)],
  ['a name of ten megabytes', answer(`<${many(10_000_000, 'x')}/>`)],
  ['a comment that never ends', answer(`<!-- ${many(10_000_000, 'x')}`)],
  ['an instruction', answer('<?php echo 1 ?>')],
  ['an instruction that never ends', answer(`<?x ${many(10_000_000, 'x')}`)],
  ['an attribute without quotes', answer('<a b=1/>')],
  ['nothing', ''],
  ['blanks', ' \n '],
  ['a byte', Buffer.from([0])],
  ['a page', '<!DOCTYPE html><html><body>Вход</body></html>'],
  ['a page in XML', '<html xmlns="http://www.w3.org/1999/xhtml"><body>Вход</body></html>'],
  ['JSON', '{"TicketID":"5"}'],
  ['an envelope without a body', '<Envelope><Header/></Envelope>'],
  ['an end within an element', answer('<A>x</A>').slice(0, -1)],
  ['an end within a text', answer('<A>x').slice(0, 150)],
  ['an end within a name', answer('').slice(0, 60)],
  ['an end within text that is marked as such', answer('').replace('</soap:Body>', '<![CDATA[ x')],
  ['elements that cross', answer('<A><B></A></B>')],
  ['two documents', answer('<A>1</A>') + answer('<A>1</A>')],
  ['text behind its end', `${answer('<A>1</A>')}Warning: Use of uninitialized value`],
  ['a bracket in a text', answer('<A>a < b</A>')],
  ['UTF-16', Buffer.from(`\uFEFF${answer('<A>1</A>')}`, 'utf16le')],
  ['another encoding by its own words', answer('<A>1</A>').replace('UTF-8', 'windows-1251')],
  ['another encoding without a word', Buffer.from(answer('<A>\u00cf\u00f0\u00e8</A>'), 'latin1')],
  ['half a character at its end', bytesOf('<Envelope>ж').subarray(0, -1)],
];

describe('an answer that is no SOAP, or that means harm, is refused with a sentence', () => {
  test.each(hostile)('%s', async (_, body) => {
    const bytes = bytesOf(body);

    await expect(read(bytes)).rejects.toThrow(SyntaxError);
    await expect(scanned(bytes, 50_000, () => 'skip')).rejects.toThrow(SyntaxError);
  });

  test('more elements than any ticket has are refused before they fill the memory', async () => {
    const body = answer(many(1_000_001, '<a/>'));

    await expect(read(bytesOf(body))).rejects.toThrow(/more than 1000000 elements/);
  });

  test('a large answer keeps nobody else waiting', async () => {
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 1);

    await read(bytesOf(answer(many(200_000, '<A>текст</A>'))));

    clearInterval(others);
    expect(turns).toBeGreaterThan(20);
  });

  test('no answer writes into the prototype of all objects', async () => {
    const body = answer('<A id="__proto__"><obj>x</obj></A><B href="#__proto__"/><__proto__><C>1</C></__proto__>');

    await read(bytesOf(body));
    await scanned(body, 10);

    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}).not.toHaveProperty('obj');
  });
});
