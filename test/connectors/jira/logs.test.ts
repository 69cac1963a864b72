import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { segmentsOf } from '../../../connectors/jira/text/logs.ts';

const logsOf = (text: string) => segmentsOf(text).flatMap(({ kind, text: log }) => (kind === 'log' ? [log] : []));

describe('a log within a letter', () => {
  test.each([
    [
      'lines with a moment',
      '2026-11-23 10:00:00,123 INFO старт\n2026-11-23T10:00:01.5Z конец\n23.11.2026 10:00:02 ещё',
    ],
    ['lines of syslog', 'Nov 23 10:00:00 db01 sshd[1]: x\nNov 23 10:00:01 db01 sshd[1]: y\nNov  3 10:00:02 db01 z'],
    [
      'lines of a web server',
      '10.0.0.1 - - [23/Nov/2026:10:00:00 +0300] "GET /"\n10.0.0.2 - - [23/Nov/2026:10:00:01 +0300] "GET /"\n10.0.0.3 - - [23/Nov/2026:10:00:02 +0300] "GET /"',
    ],
    ['lines with a level', '[INFO] раз\n[WARN] два\nERROR: три'],
    [
      'a stack trace of Java',
      'java.lang.IllegalStateException: нет связи\n\tat ru.x.Y.run(Y.java:42)\n\tat ru.x.Main.main(Main.java:7)\nCaused by: java.io.IOException\n\t... 12 more',
    ],
    [
      'a stack trace of .NET in Russian',
      'System.NullReferenceException: Ссылка не указывает на объект.\n   в Биллинг.Расчёт()\n   в Billing.Core.Run(String s) в C:\\src\\Core.cs:строка 42\n   at Billing.Main(String[] args)\n--- Конец трассировки стека ---',
    ],
    [
      'a stack trace of JavaScript',
      'TypeError: x is not a function\n    at run (/srv/app.js:1:2)\n    at /srv/main.js:3:4',
    ],
    [
      'a stack trace of Python',
      'Traceback (most recent call last):\n  File "/srv/a.py", line 7, in run\n    x = y()\nValueError: нет',
    ],
    ['a dump of settings', 'db.host=10.0.0.1\ndb.port = 5432\nDB_USER=svc'],
    ['XML', '<заказ/>\n<order id="1">\n  <item>кабель</item>\n  <item/>\n</order>'.slice('<заказ/>\n'.length)],
    ['JSON', '{\n  "id": 7,\n  "имя": "Орлов",\n  "list": [\n    1\n  ],\n  "ok": true\n}'.slice(2)],
  ])('is recognised in %s', (_, log) => {
    expect(logsOf(`Здравствуйте!\n\n${log}\n\nС уважением,\nИванов`)).toEqual([log]);
  });

  test.each([
    ['two lines of one', '2026-11-23 10:00:00 a\n2026-11-23 10:00:01 b'],
    ['prose', 'Добрый день!\nНе работает вход в систему: ошибка 500.\nПросьба проверить до 18:00.'],
    ['lists', '- раз\n- два\n- три\n1. четыре\n2. пять\n* шесть'],
    ['an indented list', '  - раз\n  - два\n  - три\n    - четыре'],
    ['a quoted letter', '> 23.11.2026 10:00, Иванов пишет:\n> Добрый день!\n> Не работает вход.\n> С уважением'],
    ['a quoted log', '> 2026-11-23 10:00:00 a\n> 2026-11-23 10:00:01 b\n> 2026-11-23 10:00:02 c'],
    [
      'heads of a forwarded letter',
      'From: Иванов <ivanov@example.test>\nSent: Monday, November 23, 2026 10:00 AM\nTo: <support@example.test>\nSubject: Re: заявка',
    ],
    [
      'a table of telephones',
      'Иванов И. И.  +7 (495) 123-45-67\nПетров П. П.  +7 (495) 123-45-68\nСидоров С. С. +7 (495) 123-45-69',
    ],
    [
      'a signature',
      'С уважением,\nИван Иванов\nведущий инженер\nтел.: +7 495 123-45-67\ne-mail: ivanov@example.test\nhttps://e.test/?a=b',
    ],
    ['dates and times of a plan', '23.11.2026 10:00 начало работ\n23.11.2026 12:00 проверка\n23.11.2026 13:00 конец'],
    ['addresses in angle brackets', '<a@example.test>\n<mailto:b@example.test>\n<https://e.test>'],
    ['sums', '5 + 3 = 8\nитого 8 = 8\n1 = 1'],
  ])('is not seen in %s', (_, text) => {
    expect(logsOf(text)).toEqual([]);
  });

  test('ends where prose goes on, and a later one is a block of its own', () => {
    const log = 'a=1\nb=2\nc=3';

    expect(segmentsOf(`${log}\nа теперь так:\n${log}`)).toEqual([
      { kind: 'log', text: log },
      { kind: 'prose', text: 'а теперь так:' },
      { kind: 'log', text: log },
    ]);
  });

  test('is taken out so that all segments together are the text', () => {
    const line = fc.constantFrom('a=1', '', '  отступ', 'проза', '2026-11-23 10:00:00 x', '}', '\tat a.b.C(D.java:1)');
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = lines.join('\n');

        expect(
          segmentsOf(text)
            .map((segment) => segment.text)
            .join('\n'),
        ).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});
