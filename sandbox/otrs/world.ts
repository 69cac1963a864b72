/** The sample installation: the names that an administrator would have set up. Ids differ from the real ones on purpose. */

export const stateTypes: Readonly<Record<string, string>> = {
  Назначено: 'new',
  'В работе': 'open',
  'Ожидание информации': 'pending reminder',
  'Передано на 3ЛТП': 'open',
  'Временное решение': 'open',
  Решено: 'open',
  'Ожидает установки обновления': 'open',
  Закрыто: 'closed',
  merged: 'merged',
};

export const priorities = ['1 Критичный', '2 Высокий', '3 Средний', '4 Низкий'] as const;

export const ticketTypes = ['Инцидент', 'Запрос на обслуживание'] as const;

export const services = [
  'NTTM: Техническая поддержка',
  'NTTM: Предоставление доступа к системе',
  'NTTM: Решение проблем с доступом',
  'ЕИП: Техническая поддержка',
  'Netrac Teoco: Техническая поддержка',
  'DWH: Техническая поддержка',
] as const;

/** The bridge's account reads all of them but the last. */
export const ticketQueues = [
  'NTTM',
  'NTTM::1ЛТП',
  'NTTM::2ЛТП',
  'NTTM::3ЛТП',
  'Смежные системы::ЕИП',
  'Смежные системы::Netrac Teoco',
  'Смежные системы::DWH',
  'Прочее',
] as const;

export const HIDDEN_QUEUE = 'Прочее';

export interface FieldDefinition {
  readonly type: 'text' | 'checkbox' | 'dropdown' | 'moment';
  /** Key -> label of a dropdown. */
  readonly values?: Readonly<Record<string, string>>;
}

export const ticketFields: Readonly<Record<string, FieldDefinition>> = {
  ClosureCode: {
    type: 'dropdown',
    values: {
      fixed: 'Устранён дефект',
      workaround: 'Временное решение',
      consultation: 'Консультация',
      impossible: 'Невозможно выполнить',
      duplicate: 'Дубликат',
    },
  },
  ConfigItem: {
    type: 'dropdown',
    values: { bpm: 'BPM движок', db: 'БД', app: 'Сервер приложений', ui: 'Интерфейс', integration: 'Интеграция' },
  },
  JiraKey: { type: 'text' },
  JiraStatus: { type: 'text' },
  JiraUrl: { type: 'text' },
  DiagnosisDone: { type: 'checkbox' },
  ExternalNumber: { type: 'text' },
  InfoComplete: { type: 'dropdown', values: { complete: 'Полные', incomplete: 'Неполные' } },
  NeedDevelopment: { type: 'checkbox' },
  ApprovalRefused: { type: 'text' },
  ApprovalStatus: { type: 'text' },
  ApprovedBy: { type: 'text' },
  BridgeMark: { type: 'text' },
  InheritedStart: { type: 'moment' },
  NeedLine2: { type: 'checkbox' },
  ParentTicket: { type: 'text' },
  RelatedTickets: { type: 'text' },
  ReturnReason: { type: 'text' },
  Returns: { type: 'text' },
  RelatedSystem: { type: 'dropdown', values: { eip: 'ЕИП', netrac: 'Netrac Teoco', dwh: 'DWH' } },
  SlaDiagnosisDue: { type: 'moment' },
  SlaReactionDue: { type: 'moment' },
  SlaResolutionDue: { type: 'moment' },
  SlaStatus: { type: 'text' },
  SlaWorkaroundDue: { type: 'moment' },
  Solution: { type: 'text' },
  UpdateInstalled: { type: 'checkbox' },
  Workaround: { type: 'dropdown', values: { given: 'Предоставлено', failed: 'Не помогло' } },
};

/** Fields that every installation has; nothing here writes them. */
export const bareFields = [
  'ProcessManagementActivityID',
  'ProcessManagementAttachment',
  'ProcessManagementProcessID',
  'TicketCalendarEndTime',
  'TicketCalendarStartTime',
] as const;

export const articleFields = ['BridgeExternalId'] as const;

export interface Agent {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly password?: string;
}

/** The first one is OTRS itself: owner of what nobody owns, and author of what customers do. */
export const agents: readonly Agent[] = [
  { id: 1, login: 'root@localhost', name: 'Администратор OTRS' },
  { id: 12, login: 'bridge', name: 'Мост OTRS-JIRA', password: 'bridge' },
  { id: 21, login: 'petrova.2l', name: 'Ольга Петрова' },
  { id: 22, login: 'sidorov.3l', name: 'Пётр Сидоров' },
];

export const BRIDGE_ID = 12;

export interface Customer {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly company: string;
}

export const customers: readonly Customer[] = [
  { login: 'user.volga', name: 'Анна Кузнецова', email: 'anna@example.test', company: 'MRF-VOLGA' },
  { login: 'user.siberia', name: 'Иван Смирнов', email: 'ivan@example.test', company: 'MRF-SIBERIA' },
];
