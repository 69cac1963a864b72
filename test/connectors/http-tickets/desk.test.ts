import { DateTime } from 'luxon';
import { describeDesk } from '../desk-conformance.ts';
import { connect } from './connected.ts';

describeDesk('http-tickets, the worked example', async () => {
  const { desk, sandbox } = await connect();
  return {
    desk,
    now: () => DateTime.now(),
    openRecord: async (content) => {
      const { id, number } = sandbox.desk.open(content, 'orlova');
      return { system: 'dwh', id, key: number };
    },
    writeComment: async ({ id }, { text, visibility }) => {
      sandbox.desk.comment(id, { text, public: visibility === 'public' }, 'orlova');
    },
    unreadable: { missing: { system: 'dwh', id: '999999' }, nonsense: { system: 'dwh', id: '../about' } },
    textField: 'solution',
    move: { to: 'В работе', phase: 'open' },
    close: { to: 'Выполнено', sent: { solution: 'Перезапущено' }, fields: { solution: 'Перезапущено' } },
    tellsVisibility: true,
    provesAbsenceOfComments: false,
    draft: {
      project: 'Выгрузки',
      type: 'Инцидент',
      title: 'Нет данных за вчера',
      text: '',
      priority: '3 Средний',
      labels: [],
      fields: { service: 'DWH: Техническая поддержка', parent_ticket: '2026112310000011 (В работе)' },
      state: 'Назначено',
    },
    relates: false,
    work: { edits: false },
    stop: sandbox.stop,
  };
});
