import { expect, test } from '@jest/globals';
import { BridgeError, catalogue, explain } from '../src/errors.ts';

test.each(['JIRA has no such project', 'JIRA has no such project.', 'Is JIRA there?', 'ACCESS-REFUSED - see the log.'])(
  '«%s» and what to do about it are whole sentences',
  (message) => {
    const text = explain(new BridgeError('SYSTEM_UNREACHABLE', message));

    expect(text).toMatch(/[^.?][.?] The system does not answer\./);
    expect(text.endsWith(catalogue.SYSTEM_UNREACHABLE.help)).toBe(true);
  },
);
