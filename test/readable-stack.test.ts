import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { createStackReader } from '../src/readable-stack.ts';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-stack-'));
  await writeFile(
    join(folder, 'greet.ts'),
    'export function greet(name: string): never {\n  throw new Error(name);\n}\n',
  );
  await writeFile(join(folder, 'main.ts'), "import { greet } from './greet.ts';\n\ngreet('Фёдор');\n");
  await build({
    absWorkingDir: folder,
    entryPoints: ['main.ts'],
    outfile: join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    sourcemap: 'linked',
    banner: { js: '// moves every line' },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The stack of the error with which a process of its own ends. */
async function stackOf(): Promise<string> {
  const say = `import(${JSON.stringify(join(folder, 'main.js'))}).catch((error) => console.log(error.stack))`;
  return (await run(process.execPath, ['--eval', say])).stdout;
}

describe('the stack of an error in the shipped program', () => {
  test('names places in the sources', async () => {
    const stack = await stackOf();
    expect(stack).toContain('main.js:');

    const read = createStackReader()(stack);

    expect(read).toMatch(/at greet \(greet\.ts:2:9\)/);
    expect(read).toContain('main.ts:3:1');
    expect(read).toContain('Error: Фёдор');
  });

  test('reads the same when it is met again', async () => {
    const read = createStackReader();
    const stack = await stackOf();

    expect(read(stack)).toBe(read(stack));
  });

  test('stays as it is where there is no map, or none that can be read', async () => {
    const read = createStackReader();
    const elsewhere = `Error: away\n    at open (file://${folder}/nowhere.js:1:2)\n    at node:internal/process:1:1`;
    await writeFile(join(folder, 'odd.js.map'), '{');
    const odd = `Error: odd\n    at odd (${folder}/odd.js:3:4)`;

    expect([read(elsewhere), read(odd)]).toEqual([elsewhere, odd]);
  });

  test('with a message of any length is read line by line', () => {
    const message = `${'/'.repeat(200_000)}${'a/b+c'.repeat(50_000)}`;
    const stack = `Error: ${message}\n    at ${message}\n    at main (${folder}/main.js:5:9)`;

    expect(createStackReader()(stack).slice(-40)).toContain('at main (greet.ts:2:9)');
  });
});
