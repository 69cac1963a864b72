import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Desk } from '../../../src/connector.ts';
import { connectTo, signal } from '../../connectors/jira/connected.ts';

let sandbox: SandboxJira;
let desk: Desk;
beforeEach(async () => {
  sandbox = await startSandboxJira();
  desk = connectTo(sandbox.url, {}).desk;
});
afterEach(async () => {
  await desk.close();
  await sandbox.stop();
});

const open = async () => {
  const { ref } = await desk.open(
    { project: 'OSSTTMB2B', type: 'Дефект', title: 'Ошибка 500', text: 'Шаги', labels: [], fields: {} },
    'open:issue',
    { system: 'otrs', id: '42', key: '2026112310000042' },
    signal,
  );
  return ref;
};

describe('versions that an issue is fixed in', () => {
  test.each([
    [['4.2'], { fix_versions: '4.2', released_versions: '4.2' }],
    [['4.3'], { fix_versions: '4.3' }],
    [['4.2', '4.3'], { fix_versions: ['4.2', '4.3'], released_versions: '4.2' }],
    [[], {}],
  ])('%j is read by name, and which of them is released', async (names, fields) => {
    const ref = await open();
    sandbox.setFields(ref.key ?? '', { fixVersions: names.map((name) => ({ name })) });

    expect((await desk.read(ref, signal)).fields).toEqual(fields);
  });

  test('the bridge can set them, and is refused a version that does not exist', async () => {
    const ref = await open();
    await desk.update(ref, { fix_versions: ['4.2', '4.3'] }, signal);

    expect((await desk.read(ref, signal)).fields.fix_versions).toEqual(['4.2', '4.3']);
    await expect(desk.update(ref, { fix_versions: '9.9' }, signal)).rejects.toThrow(/fixVersions/);
  });
});
