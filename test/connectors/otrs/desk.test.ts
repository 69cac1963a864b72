import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../../connectors/otrs/connector.ts';
import { contentOf } from '../../../sandbox/jira/file-content.ts';
import { startSandboxOtrs } from '../../../sandbox/otrs/server.ts';
import { type DeskHarness, describeDesk } from '../desk-conformance.ts';
import { transports } from './connected.ts';

for (const [name, settings] of Object.entries(transports)) {
  describeDesk(`the sandbox OTRS over ${name}`, () => startHarness(settings));
}

async function startHarness(settings: object): Promise<DeskHarness> {
  const sandbox = await startSandboxOtrs();
  const options = otrs.options.parse({
    base_url: sandbox.url,
    login: 'bridge',
    password: 'bridge',
    time_zone: sandbox.timeZone,
    ...settings,
  });
  const { desk } = otrs.connect(options, {
    log: pino({ level: 'silent' }),
    system: 'otrs',
    now: () => DateTime.now(),
  });
  const hidden = sandbox.createTicket({ title: 'Скрытая', text: 'Скрытая', ticketQueue: 'Прочее' });
  return {
    desk,
    now: () => DateTime.now(),
    async openRecord(content) {
      const { id, number } = sandbox.createTicket(content);
      return { system: 'otrs', id, key: number };
    },
    async writeComment(ref, comment) {
      sandbox.addArticle(ref.id, comment);
    },
    unreadable: {
      missing: { system: 'otrs', id: '999999' },
      hidden: { system: 'otrs', id: hidden.id, key: hidden.number },
      nonsense: { system: 'otrs', id: '../Session' },
    },
    textField: 'solution',
    move: { to: 'Ожидание информации', phase: 'pending' },
    close: {
      to: 'Закрыто',
      sent: { closure_code: 'fixed', solution: 'Исправлено в сборке 1.2.3\nВторая строка', configuration_item: 'bpm' },
      fields: {
        closure_code: 'fixed',
        solution: 'Исправлено в сборке 1.2.3\nВторая строка',
        configuration_item: 'bpm',
      },
    },
    tellsVisibility: true,
    provesAbsenceOfComments: false,
    readsSeveral: true,
    relates: false,
    work: {
      edits: false,
      assignees: { good: 'sidorov.3l', shownAs: 'sidorov.3l', refused: ['nobody.knows', ''] },
      attachFile: async ({ id }, { name, bytes }) => {
        const attachments = [{ name, contentType: 'text/plain', content: contentOf(bytes) }];
        sandbox.addArticle(id, { text: 'Файл', visibility: 'public', attachments });
      },
    },
    stop: sandbox.stop,
  };
}
