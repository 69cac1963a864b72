import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeAttachment } from '../../src/domain/attachments.ts';
import { decide } from '../../src/domain/decide.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { judgeFiles } from '../../src/domain/files.ts';
import type { Attachment, Snapshot } from '../../src/domain/ticket.ts';
import { faultsWith, policyWith } from '../support/changed-mappings.ts';
import { growth, NEARLY_LINEAR } from '../support/growth.ts';
import { quietPolicy } from '../support/policy.ts';
import { agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;

const MEGABYTE = 1_048_576;
const aFile = (name: string, size = 1000): Attachment => ({ id: '1/1', name, contentType: 'text/plain', size });
const judge = (name: string, size?: number, ticket: Partial<Snapshot> = {}, attachments = policy.attachments) =>
  judgeAttachment(aFile(name, size), aTicket(ticket), attachments);
const judgeAll = (facts: Facts, attachments = policy.attachments) =>
  judgeFiles(facts, { ...policy, attachments }, 'jira');
const reasonsOf = (names: readonly string[], ticket: Partial<Snapshot> = {}) =>
  judgeAll({ ticket: aTicket({ attachments: names.map((name) => aFile(name)), ...ticket }), link: aLink() }).because;

const access = { service: 'NTTM: Предоставление доступа к системе', type: 'Запрос на обслуживание' };

describe('R10 «Допускаются файлы … (doc, xls, pdf, jpg, bmp, png, xml, rar, zip, msg)»', () => {
  test.each('doc xls pdf jpg bmp png xml rar zip msg'.split(' '))('%s is named and permitted', (extension) => {
    expect(judge(`отчёт.${extension}`)).toMatchObject({ verdict: 'allowed', rule: 'listed', clause: 'R10', text: '' });
  });

  test.each('docx xlsx ppt pptx jpeg txt csv json rtf'.split(' '))('%s is of the same kind', (extension) => {
    expect(judge(`отчёт.${extension}`)).toMatchObject({ verdict: 'allowed', rule: 'derived' });
  });

  test.each('exe bat js docm xlsm pptm html svg gz 7z lnk рdf doс'.split(' '))('%s is not permitted', (extension) => {
    expect(judge(`отчёт.${extension}`)).toMatchObject({ verdict: 'refused', rule: 'extension-not-permitted' });
  });

  test.each([
    ['ОТЧЁТ.PDF', 'allowed'],
    ['отчёт.Pdf', 'allowed'],
    ['отчёт за 23.11.2026.pdf', 'allowed'],
    ['отчёт.pdf.exe', 'refused'],
    ['отчёт.exe.pdf', 'allowed'],
    ['отчёт.pdf ', 'allowed'],
    ['отчёт.pdf...', 'allowed'],
    ['отчёт.exe.', 'refused'],
    ['отчёт.exe. . ', 'refused'],
    ['отчёт.pdf/вирус.exe', 'refused'],
    ['C:\\Работа 1.5\\отчёт.pdf', 'allowed'],
    ['C:\\Работа.pdf\\отчёт', 'refused'],
    ['отчёт．ｅｘｅ', 'refused'],
    ['отчёт．ｐｄｆ', 'allowed'],
    ['отчёт', 'refused'],
    ['.pdf', 'allowed'],
    ['pdf', 'refused'],
    ['...', 'refused'],
    ['', 'refused'],
    ['отчет\u0308.pdf', 'allowed'],
  ])('the last extension decides: %j is %s', (name, verdict) => {
    expect(judge(name).verdict).toBe(verdict);
  });

  test.each([
    ['letters read from right to left', 'отчёт\u202Efdp.exe', 'отчёт�fdp.exe'],
    ['the same the other way round', 'отчёт\u202Eexe.pdf', 'отчёт�exe.pdf'],
    ['an isolate', 'отчёт\u2066.pdf', 'отчёт�.pdf'],
    ['a letter without width', 'отчёт.p\u200Bdf', 'отчёт.p�df'],
    ['a zero byte', 'отчёт.exe\u0000.pdf', 'отчёт.exe�.pdf'],
    ['a line break', 'отчёт\n.pdf', 'отчёт�.pdf'],
  ])('a name with %s is refused and shown as it is', (_what, name, shown) => {
    expect(judge(name)).toMatchObject({
      verdict: 'refused',
      rule: 'name-hides-letters',
      text: `Файл «${shown}» не перенесён: в его имени есть скрытые знаки (�). Переименуйте его и приложите снова.`,
    });
  });

  test('whatever the name, a permitted file ends in a permitted extension', () => {
    const permitted = policy.attachments.tiers.flatMap(({ extensions }) => extensions);
    const names = fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('.pdf', '.exe', '.', ' ', '\u202E', ''));
    fc.assert(
      fc.property(fc.array(names), (parts) => {
        const name = parts.flat().join('');
        const { verdict } = judge(name);
        const last =
          name
            .normalize('NFKC')
            .toLowerCase()
            .replace(/[\s.]+$/u, '')
            .split('.')
            .at(-1)
            ?.trim() ?? '';
        expect(verdict === 'allowed' && !permitted.includes(last)).toBe(false);
      }),
    );
  });

  test('the text for people names the file and what is permitted', () => {
    expect(judge('отчёт.exe').text).toBe(
      'Файл «отчёт.exe» не перенесён: расширение exe не разрешено регламентом. Разрешены: doc, xls, pdf, jpg, bmp, png, xml, rar, zip, msg, docx, xlsx, ppt, pptx, jpeg, txt, csv, json, rtf, log.',
    );
    expect(judge('отчёт').text).toMatch(/^Файл «отчёт» не перенесён: у него нет расширения\. Разрешены: doc, /);
  });

  test('a name of ten thousand letters is cut in the middle', () => {
    const { text, evidence } = judge(`${'я'.repeat(10_000)}.exe`);

    expect(text.length + evidence.length).toBeLessThan(700);
    expect(evidence).toContain('яяя.exe»');
  });

  test.each([
    ['full stops', '.'],
    ['blanks', ' '],
    ['slashes', '/'],
    ['hidden letters', '\u202E'],
  ])('a name of very many %s is judged in linear time', (_what, letter) => {
    const judgeName = (length: number) => judge(`${letter.repeat(length)}x`);

    expect(judgeName(1_000_000).verdict).toBe('refused');
    expect(growth(judgeName, 400_000)).toBeLessThan(NEARLY_LINEAR);
  });

  test.each([
    [20 * MEGABYTE, 'allowed', ''],
    [20 * MEGABYTE + 1, 'refused', 'Файл «схема.png» не перенесён: 20,1 МБ, а разрешено не больше 20 МБ.'],
    [31.5 * MEGABYTE, 'refused', 'Файл «схема.png» не перенесён: 31,5 МБ, а разрешено не больше 20 МБ.'],
    [Number.NaN, 'refused', expect.anything()],
    [0, 'allowed', ''],
  ])('a file of %d bytes is %s', (size, verdict, text) => {
    expect(judge('схема.png', size)).toMatchObject({ verdict, text });
  });
});

describe('R10 «В ряде случаев могут быть использованы файлы журналов … (log-файлы)»', () => {
  test('technical support takes them, and they may be larger', () => {
    expect(judge('server.log', 50 * MEGABYTE)).toMatchObject({ verdict: 'allowed', rule: 'log' });
    expect(judge('server.log', 51 * MEGABYTE)).toMatchObject({ verdict: 'refused', rule: 'file-too-large' });
  });

  test.each([
    ['another service', access],
    ['no service', { ...access, service: '' }],
  ])('a ticket of %s does not', (_what, ticket) => {
    expect(judge('server.log', 10, ticket)).toMatchObject({
      verdict: 'refused',
      rule: 'not-for-this-service',
      text: 'Файл «server.log» не перенесён: журналы работы (log) принимаются только по услугам «NTTM: Техническая поддержка».',
    });
  });

  test('a rolled log is none: its last extension is a number', () => {
    expect(judge('server.log.1')).toMatchObject({ rule: 'extension-not-permitted' });
  });
});

describe('readings of R10', () => {
  const read = async (from: string, to: string) =>
    (await policyWith({ file: 'attachments.yaml', from, to })).attachments;

  test.each([
    ['bracket: examples', 'bracket: exhaustive', 'отчёт.docx', 'refused'],
    ['bracket: examples', 'bracket: exhaustive', 'отчёт.doc', 'allowed'],
    ['log_files: technical_support', 'log_files: never', 'server.log', 'refused'],
  ])('%s -> %s: %j is %s', async (from, to, name, verdict) => {
    expect(judge(name, 10, {}, await read(from, to)).verdict).toBe(verdict);
  });

  test('letters that hide others may be ignored: then the extension decides', async () => {
    const attachments = await read('hidden_letters: refused', 'hidden_letters: ignored');

    expect(judge('отчёт\u202Efdp.exe', 10, {}, attachments).verdict).toBe('refused');
    expect(judge('отчёт\u202E.pdf', 10, {}, attachments).verdict).toBe('allowed');
  });

  test('log files may be permitted for every service', async () => {
    const attachments = await read('log_files: technical_support', 'log_files: every_service');

    expect(judge('server.log', 10, access, attachments).verdict).toBe('allowed');
  });

  test('files of the issue keep to the list, unless the reading lets everything pass', async () => {
    const facts = agreedFacts({}, { attachments: [aFile('сборка.exe')] });
    const rulesBy = (attachments: typeof policy.attachments) =>
      judgeAll(facts, attachments).because.map(({ rule }) => rule);

    expect(rulesBy(policy.attachments)).toContain('extension-not-permitted');
    expect(rulesBy(await read('files_of_issue: same_list', 'files_of_issue: everything'))).not.toContain(
      'extension-not-permitted',
    );
  });
});

describe('R11 «в блок «Вложения» следует прикладывать скриншоты экрана»', () => {
  const hint = expect.objectContaining({ rule: 'screenshot-is-recommended', clause: 'R11' });

  test.each<[string, readonly string[], Partial<Snapshot>]>([
    ['without files', [], {}],
    ['with a document only', ['описание.docx'], {}],
    ['with a name that only looks like an image', ['экран.png.exe'], {}],
  ])('an incident of technical support %s gets a hint', (_what, files, ticket) => {
    expect(reasonsOf(files, ticket)).toContainEqual(hint);
  });

  test.each<[string, readonly string[], Partial<Snapshot>]>([
    ['with a screenshot', ['экран.PNG'], {}],
    ['of another service', [], access],
    ['of technical support that is no incident', [], { type: 'Запрос на обслуживание' }],
    ['that is closed', [], { state: 'Закрыто', phase: 'done' }],
  ])('a ticket %s gets none', (_what, files, ticket) => {
    expect(reasonsOf(files, ticket)).not.toContainEqual(hint);
  });

  test('nothing waits for a screenshot', () => {
    const withImage = aTicket({ ticketQueue: 'NTTM::3ЛТП', attachments: [aFile('экран.png')] });
    const without = aTicket({ ticketQueue: 'NTTM::3ЛТП' });

    expect(decide({ ticket: without, link: aLink() }, policy, NOW).actions).toEqual(
      decide({ ticket: withImage, link: aLink() }, policy, NOW).actions,
    );
  });
});

describe('the reasons', () => {
  test('every refused file has one, the permitted ones share one', () => {
    expect(reasonsOf(['a.png', 'b.exe', 'c.docx', 'd'])).toEqual([
      {
        rule: 'extension-not-permitted',
        clause: 'R10',
        evidence: '«b.exe» has the extension «exe», which is in no list (in 2026112310000042)',
      },
      { rule: 'no-extension', clause: 'R10', evidence: '«d» has no extension (in 2026112310000042)' },
      {
        rule: 'attachments-are-permitted',
        clause: 'R10',
        evidence: '2 of 4 files: «a.png» (listed), «c.docx» (derived)',
      },
    ]);
  });

  test('of ten thousand permitted files ten are named', () => {
    const [reason] = reasonsOf(Array.from({ length: 10_000 }, (_, index) => `${index}.png`));

    expect(reason?.evidence).toMatch(/^10000 of 10000 files: .* and 9990 more$/);
  });

  test('a ticket without files has none', () => {
    expect(reasonsOf([], access)).toEqual([]);
  });
});

test.each([
  ['an extension in two lists', 'csv, json', 'csv, pdf, json', /derived\.extensions\[7\]: the extension «pdf»/],
  ['an extension with a full stop', '[log]', '[.log]', /log\.extensions\[0\]/],
  ['a size that is none', 'megabytes: 50', 'megabytes: 0', /log\.megabytes/],
  ['an unknown reading', 'bracket: examples', 'bracket: maybe', /readings\.bracket/],
  ['an unknown placeholder', '{file.extension} не', '{file.ext} не', /unknown placeholder \{file\.ext\}/],
  ['a refusal without a text', /^ {2}no-extension: .*$/m, '', /refusals.*no-extension/],
])('%s in attachments.yaml is a fault with its line', async (_what, from, to, fault) => {
  const faults = await faultsWith({ file: 'attachments.yaml', from, to });

  expect(faults).toMatch(fault);
  expect(faults).toMatch(/attachments\.yaml:\d+:\d+/);
});
