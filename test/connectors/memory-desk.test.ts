import { DateTime } from 'luxon';
import { loadNamesInUse } from '../../src/policy/load.ts';
import { createMemoryDesk } from '../support/memory-desk.ts';
import { anIssue } from '../support/records.ts';
import { describeDesk } from './desk-conformance.ts';

describeDesk('memory, which the tests of the flow work with', async () => {
  const { issueStatuses } = await loadNamesInUse('mappings');
  const desk = createMemoryDesk('jira', () => DateTime.now(), {
    states: ['Открыто', 'В работе', 'Закрыто', ...issueStatuses.map(({ name }) => name)],
    fields: ['solution'],
    users: ['petrova.3l'],
  });
  let lastId = 100;
  const nextId = () => {
    lastId += 1;
    return String(lastId);
  };

  return {
    desk,
    now: () => DateTime.now(),
    openRecord: async ({ title, text }) => {
      const id = nextId();
      const ref = { system: 'jira', id, key: `PEOPLE-${id}` };
      const at = DateTime.now();
      desk.put(anIssue({ ref, title, text, createdAt: at, changedAt: at }));
      return ref;
    },
    writeComment: async ({ id }, { text, visibility }) => {
      const comment = {
        id: nextId(),
        author: 'Разработчик',
        at: DateTime.now(),
        text,
        visibility,
        by: 'agent',
      } as const;
      desk.change(id, ({ comments }) => ({ comments: [...comments, comment] }));
    },
    unreadable: { missing: { system: 'jira', id: '999999' } },
    textField: 'solution',
    move: { to: 'В работе', phase: 'open' },
    close: { to: 'Закрыто', sent: { solution: 'Исправлено' }, fields: { solution: 'Исправлено' } },
    tellsVisibility: true,
    provesAbsenceOfComments: true,
    draft: { project: 'OSSTTMB2B', type: 'Дефект', title: 'Не создаётся', text: '', labels: [], fields: {} },
    relates: true,
    work: {
      edits: true,
      assignees: { good: 'petrova.3l', shownAs: 'petrova.3l', refused: ['nobody.knows'] },
      attachFile: async ({ id }, { name, bytes }) => {
        const file = { id: nextId(), name, contentType: 'text/plain', size: bytes.length };
        desk.contents.set(file.id, bytes);
        desk.change(id, ({ attachments }) => ({ attachments: [...attachments, file] }));
      },
      links: {
        type: 'Связана',
        count: async ({ id }) => [...desk.links].filter((link) => link.split(' ').includes(id)).length,
      },
    },
    stop: async () => {},
  };
});
