import type { Named } from './catalogue.ts';
import type { FieldId } from './fields.ts';

export interface Status extends Named {
  readonly category: {
    readonly id: number;
    readonly key: 'new' | 'indeterminate' | 'done';
    readonly name: string;
    readonly english: string;
  };
}

export interface Transition extends Named {
  readonly from: readonly string[];
  readonly to: string;
  /** Fields of the transition's screen; none means that the transition has no screen. */
  readonly screen: readonly string[];
  /** Fields of the screen that must be filled, besides a resolution that is demanded. */
  readonly required?: readonly FieldId[];
  /** What the workflow itself does with the resolution. */
  readonly resolution: 'demanded' | 'kept' | 'cleared';
}

const toDo = { id: 2, key: 'new', name: 'К выполнению', english: 'To Do' } as const;
const inProgress = { id: 4, key: 'indeterminate', name: 'В работе', english: 'In Progress' } as const;
const done = { id: 3, key: 'done', name: 'Выполнено', english: 'Done' } as const;

export const statuses: readonly Status[] = [
  { id: '1', name: 'Открыто', english: 'Open', category: toDo },
  { id: '3', name: 'В работе', english: 'In Progress', category: inProgress },
  { id: '10010', name: 'Ожидает информации', english: 'Waiting for Information', category: inProgress },
  { id: '5', name: 'Решено', english: 'Resolved', category: done },
  { id: '6', name: 'Закрыто', english: 'Closed', category: done },
];

const doneScreen = ['resolution', 'customfield_10200', 'components'];

export const transitions: readonly Transition[] = [
  move('21', 'Взять в работу', ['Открыто', 'Ожидает информации'], 'В работе', [], 'kept'),
  move('31', 'Запросить информацию', ['Открыто', 'В работе'], 'Ожидает информации', [], 'kept'),
  move('41', 'Решить', ['Открыто', 'В работе', 'Ожидает информации'], 'Решено', doneScreen, 'demanded'),
  move('51', 'Закрыть', ['Открыто', 'В работе', 'Ожидает информации'], 'Закрыто', doneScreen, 'demanded'),
  move('61', 'Подтвердить решение', ['Решено'], 'Закрыто', [], 'kept'),
  move('71', 'Переоткрыть', ['Решено', 'Закрыто'], 'В работе', [], 'cleared'),
];

function move(
  id: string,
  name: string,
  from: readonly string[],
  to: string,
  screen: readonly string[],
  resolution: Transition['resolution'],
): Transition {
  return { id, name, from, to, screen, resolution };
}

/** A workflow of small steps: no transition leads past «В работе», or from there past «Решено». */
export const stepwiseTransitions: readonly Transition[] = [
  move('21', 'Взять в работу', ['Открыто', 'Ожидает информации'], 'В работе', [], 'kept'),
  move('31', 'Запросить информацию', ['В работе'], 'Ожидает информации', [], 'kept'),
  move('41', 'Решить', ['В работе'], 'Решено', doneScreen, 'demanded'),
  move('61', 'Подтвердить решение', ['Решено'], 'Закрыто', [], 'kept'),
  move('71', 'Переоткрыть', ['Решено', 'Закрыто'], 'Открыто', [], 'cleared'),
];
