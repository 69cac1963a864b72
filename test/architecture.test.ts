import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Rule {
  /** Files that the rule is about. */
  readonly files: RegExp;
  /** What they may import: paths from the project's root, or package names. */
  readonly mayImport: RegExp;
}

const rules: readonly Rule[] = [
  { files: /^src\/domain\//, mayImport: /^(luxon$|src\/domain\/)/ },
  { files: /^src\/connector\.ts$/, mayImport: /^(luxon|zod|pino|node:stream|src\/domain\/.*)$/ },
  { files: /^src\/errors\.ts$/, mayImport: /^src\/domain\// },
  {
    files: /^src\/policy\//,
    mayImport:
      /^(src\/(domain|policy)\/|src\/(connector|errors|spelling|yaml)\.ts$|zod$|node:(fs|path|buffer|crypto)|@orama\/stemmers\/russian$)/,
  },
  {
    files: /^src\/replay\//,
    mayImport:
      /^(src\/(domain|policy|replay)\/|src\/(errors|yaml|yaml-faults|schema-shape)\.ts$|zod$|luxon$|node:(fs|path|zlib))/,
  },
  {
    files: /^src\/flow\//,
    mayImport:
      /^(luxon$|pino$|zod$|node:(crypto|stream)|src\/(flow|domain|files)\/|src\/(connector|errors)\.ts$|src\/intake\/intake\.ts$|src\/store\/(store|letters|letter-jobs|outbox)\.ts$)/,
  },
  { files: /^src\/files\//, mayImport: /^(file-type$|node:|src\/(files|domain)\/|src\/errors\.ts$)/ },
  {
    files: /^src\/intake\//,
    mayImport: /^(src\/connector\.ts$|amqplib$|luxon$|pino$|zod$|node:|src\/(intake|domain)\/|src\/errors\.ts$)/,
  },
  { files: /^src\/store\//, mayImport: /^(kysely$|pg$|luxon$|pino$|node:|src\/(store|domain)\/|src\/errors\.ts$)/ },
  {
    files: /^src\/http\//,
    mayImport:
      /^(fastify$|luxon$|pino$|zod$|node:|src\/(http|flow|domain)\/|src\/(connector|errors|metrics|log)\.ts$|src\/(intake\/intake|store\/store)\.ts$)/,
  },
  { files: /^src\/explain\//, mayImport: /^(luxon$|src\/(explain|domain)\/)/ },
  {
    files: /^src\/cli\//,
    mayImport:
      /^(commander$|luxon$|pino$|zod$|node:|src\/(cli|flow|domain|explain|replay)\/|src\/(connector|errors|yaml|readable-stack)\.ts$|src\/(intake\/intake|store\/(store|letters|letter-jobs))\.ts$)/,
  },
  {
    files: /^src\/config\//,
    mayImport: /^(zod$|node:|src\/config\/|src\/(errors|yaml|yaml-faults|schema-shape)\.ts$|src\/intake\/options\.ts$)/,
  },
  { files: /^scripts\/regulation\//, mayImport: /^(zod$|node:|scripts\/regulation\/|src\/yaml\.ts$)/ },
  {
    files: /^connectors\/[a-z-]+\//,
    mayImport:
      /^(axios$|luxon$|p-retry$|zod$|pino$|jira\.js|soap$|sax$|node:|src\/(connector|errors|spelling)\.ts$|src\/files\/spool\.ts$|src\/domain\/(ticket|action|event|condition|field-value)\.ts$|connectors\/(turns|exchange)\.ts$)/,
  },
];

const files = globSync('{src,connectors,scripts/regulation}/**/*.ts').map((file) => file.replaceAll('\\', '/'));

const importsOf = (file: string) =>
  Array.from(
    readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm),
    (match) => {
      const target = match[1] ?? match[2] ?? '';
      return target.startsWith('.') ? normalize(join(dirname(file), target)) : target;
    },
  );

describe('the import rules of docs/design.md', () => {
  test.each(rules.map((rule) => [rule.files.source, rule] as const))('%s imports only what it may', (_, rule) => {
    const ruled = files.filter((file) => rule.files.test(file));
    const offences = ruled.flatMap((file) => {
      const folder = dirname(file).split('/').slice(0, 2).join('/');
      return importsOf(file)
        .filter(
          (target) =>
            !rule.mayImport.test(target) && !(file.startsWith('connectors/') && target.startsWith(`${folder}/`)),
        )
        .map((target) => `${file} imports ${target}`);
    });

    expect(ruled.length).toBeGreaterThan(0);
    expect(offences).toEqual([]);
  });

  test('only the composition root and the entry point import the registry of connectors', () => {
    const importers = files.filter((file) => importsOf(file).includes('connectors/registry.ts'));

    expect(importers.filter((file) => !file.startsWith('src/app/'))).toEqual([]);
  });

  test('no file is longer than 400 lines', () => {
    const long = globSync('{src,connectors,sandbox,test,scripts}/**/*.ts').filter(
      (file) => readFileSync(file, 'utf8').split('\n').length > 400,
    );

    expect(long).toEqual([]);
  });

  test('the clock is read in one place', () => {
    const readers = files.filter((file) =>
      /DateTime\.(now|utc|local)\(\)|Date\.now\(\)|new Date\(\)/.test(readFileSync(file, 'utf8')),
    );

    expect(readers.filter((file) => file !== 'src/app.ts')).toEqual([]);
  });
});
