import { DateTime } from 'luxon';
import { findUser } from '../../../sandbox/jira/catalogue.ts';
import { type SandboxJira, type SandboxJiraOptions, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { stepwiseTransitions, transitions } from '../../../sandbox/jira/workflow.ts';
import { type DeskHarness, describeDesk } from '../desk-conformance.ts';
import type { DeskWork } from '../desk-conformance-work.ts';
import { connectToSandbox } from './connected.ts';

for (const version of ['8.20.30', '9.12.2', '10.3.24', '11.0.1']) {
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
    work: workIn(sandbox, options.dialect === 'cloud'),
    stop: sandbox.stop,
  };
}

function workIn(sandbox: SandboxJira, isCloud: boolean): DeskWork {
  const nameOf = (name: string) => (isCloud ? (findUser(name)?.accountId ?? name) : name);
  return {
    edits: true,
    assignees: {
      good: nameOf('petrova.3l'),
      shownAs: 'Анна Петрова',
      refused: ['nobody.knows', nameOf('ivanov.3l'), nameOf('guest.l2')],
    },
    attachFile: async ({ id: issue }, { name, bytes }) => {
      sandbox.attach(issue, { name, bytes, contentType: 'text/plain' });
    },
    links: {
      type: 'Связана',
      count: async ({ id }) => sandbox.linksOf(id).length,
    },
    distant: {
      to: 'Закрыто',
      via: ['В работе', 'Решено'],
      prepare: () => sandbox.setWorkflow(stepwiseTransitions),
      restore: () => sandbox.setWorkflow(transitions),
    },
    tooLong: 'слово '.repeat(8_000),
  };
}

/** A person who types such a text in JIRA escapes what should not be markup. */
function escapeByHand(text: string): string {
  return text.replace(/[{}[\]|*]/g, '\\$&');
}
