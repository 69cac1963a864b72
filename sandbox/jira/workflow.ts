import type { Named } from './catalogue.ts';

export interface Status extends Named {
  readonly category: { readonly id: number; readonly key: 'new' | 'indeterminate' | 'done'; readonly name: string };
}

export interface Transition extends Named {
  readonly from: readonly string[];
  readonly to: string;
  /** Fields of the transition's screen; none means that the transition has no screen. */
  readonly screen: readonly string[];
  /** What the workflow itself does with the resolution. */
  readonly resolution: 'demanded' | 'kept' | 'cleared';
}

const toDo = { id: 2, key: 'new', name: 'К выполнению' } as const;
const inProgress = { id: 4, key: 'indeterminate', name: 'В работе' } as const;
const done = { id: 3, key: 'done', name: 'Выполнено' } as const;

export const statuses: readonly Status[] = [
  { id: '1', name: 'Открыто', category: toDo },
  { id: '3', name: 'В работе', category: inProgress },
  { id: '10010', name: 'Ожидает информации', category: inProgress },
  { id: '5', name: 'Решено', category: done },
  { id: '6', name: 'Закрыто', category: done },
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

/** The transitions that are open to people in this status. */
export function transitionsFrom(status: string): readonly Transition[] {
  return transitions.filter(({ from }) => from.includes(status));
}
