import { DateTime } from 'luxon';
import { type SandboxJiraOptions, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { type DeskHarness, describeDesk } from '../desk-conformance.ts';
import { connectToSandbox } from './connected.ts';

for (const version of ['8.14.0', '9.12.2', '10.3.24', '11.0.1']) {
  describeDesk(`JIRA Data Center ${version}`, () => startHarness({ version }, escapeByHand));
}
describeDesk('JIRA Cloud', () => startHarness({ dialect: 'cloud' }, (text) => text));

/** `write` puts a text as a person does who means it literally. */
async function startHarness(options: SandboxJiraOptions, write: (text: string) => string): Promise<DeskHarness> {
  const sandbox = await startSandboxJira(options);
  const { desk } = connectToSandbox(sandbox, options.dialect);
  const hidden = sandbox.createIssue({ summary: 'Не для всех' });
  sandbox.hide(hidden.key);
  return {
    desk,
    now: () => DateTime.now(),
    openRecord: async ({ title, text }) => {
      const { id, key } = sandbox.createIssue({ summary: title, description: write(text) });
      return { system: 'jira', id, key };
    },
    writeComment: async ({ id }, { text, visibility }) => {
      sandbox.comment(id, text, visibility === 'internal' ? { role: 'Developers' } : {});
    },
    unreadable: {
      missing: { system: 'jira', id: '999999' },
      hidden: { system: 'jira', id: hidden.id, key: hidden.key },
    },
    textField: 'solution',
    move: { to: 'В работе', phase: 'open' },
    close: {
      to: 'Закрыто',
      sent: { resolution: 'Исправлено', solution: 'Очередь BPM очищена', configuration_item: ['БД'] },
      fields: { solution: 'Очередь BPM очищена', configuration_item: 'БД' },
      resolution: 'Исправлено',
    },
    tellsVisibility: true,
    provesAbsenceOfComments: false,
    draft: {
      project: 'OSSTTMB2B',
      type: 'Дефект',
      title: 'Не создаётся заявка',
      text: '',
      priority: 'Высокий',
      labels: ['otrs'],
      fields: {},
    },
    relates: true,
    stop: sandbox.stop,
  };
}

/** A person who types such a text in JIRA escapes what should not be markup. */
function escapeByHand(text: string): string {
  return text.replace(/[{}[\]|*]/g, '\\$&');
}
