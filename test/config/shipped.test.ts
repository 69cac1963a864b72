import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { appConfigSchema as schema } from '../../src/app/config.ts';
import { jsonSchemaOf } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';

const shipped = (await readdir('config')).filter((name) => name.endsWith('.yaml'));

/** What an installation must set for the production file; secrets lie where the fixtures are. */
const environment = {
  BRIDGE_URL: 'https://bridge.example.test',
  OTRS_URL: 'https://desk.example.test/otrs',
  OTRS_USER_ID: '12',
  JIRA_URL: 'https://jira.example.test',
  SECRETS: join(process.cwd(), 'test/config/fixtures/production-secrets'),
};

describe.each(shipped)('config/%s', (name) => {
  test('is valid', async () => {
    const config = await loadConfig(join('config', name), schema, environment);

    expect(config.ticket_system).toBe('otrs');
    expect(config.mappings).toBe(join(process.cwd(), 'mappings'));
  });

  test('is valid in the eyes of an editor, and says which schema to use', async () => {
    const text = await readFile(join('config', name), 'utf8');
    const validate = new Ajv({ allErrors: true, validateFormats: false, allowUnionTypes: true }).compile(
      jsonSchemaOf(schema, 'Configuration', 'configuration'),
    );
    validate(parse(text));

    expect(validate.errors).toBeNull();
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../docs/schemas/bridge.json');
  });
});

test('the laptop configuration needs nothing from the environment', async () => {
  const config = await loadConfig('config/bridge.yaml', schema, {});

  expect(config.store.kind).toBe('sqlite');
  expect(config.intake.kind).toBe('direct');
  expect(config.otrs.base_url).toBe('http://127.0.0.1:8480/otrs');
  expect(config.jira.base_url).toBe('http://127.0.0.1:8490');
});
