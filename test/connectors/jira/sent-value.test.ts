import { expect, test } from '@jest/globals';
import { sentValue } from '../../../connectors/jira/http/sent-value.ts';

test.each<[string, unknown, string]>([
  ['a thing with a name', { name: 'Обычный' }, '«Обычный»'],
  ['a choice', { value: 'Да' }, '«Да»'],
  ['a project', { key: 'OSSTTMB2B' }, '«OSSTTMB2B»'],
  ['things with names', [{ name: 'БД' }, { name: 'Сеть' }], '«БД», «Сеть»'],
  ['a short text', 'Сбой', '«Сбой»'],
  ['a long text by its length', 'я'.repeat(40_000), '(40000 characters)'],
  ['lines by their length', 'a\nb', '(3 characters)'],
  ['a cleared field', null, '(cleared)'],
  ['an emptied list', [], '(cleared)'],
  ['something unknown not at all', { child: {} }, ''],
])('%s is shown', (_, value, shown) => {
  expect(sentValue({ fields: { field: value } }, 'field')).toBe(shown);
});

test('a field that was not sent is not shown', () => {
  expect(sentValue({ fields: {} }, 'toString')).toBe('');
  expect(sentValue(undefined, 'field')).toBe('');
});
