import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { addonFolder, buildAddon, families } from '../../../scripts/build-addon.ts';

const fileElement = /<File Location="([^"]+)" Permission="660" Encode="Base64">([A-Za-z0-9+/]+=*)<\/File>/g;

function filesIn(text: string): Map<string, string> {
  const files = Array.from(
    text.matchAll(fileElement),
    ([, location = '', content = '']) => [location, content] as const,
  );
  return new Map(files.map(([location, content]) => [location, Buffer.from(content, 'base64').toString('utf8')]));
}

/** The names of all elements, if each is closed in its place and no text holds what belongs escaped. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const rest = xml
    .replace(/^<\?xml version="1\.0" encoding="utf-8" \?>/, '')
    .replace(/<(\/?)([\w]+)((?:\s+\w+="[^"<]*")*)\s*(\/?)>/g, (_, isEnd, name, _attributes, isEmpty) => {
      if (isEnd === '/') {
        expect(open.pop()).toBe(name);
      } else {
        seen.push(name);
        open.push(...(isEmpty === '/' ? [] : [name]));
      }
      return '';
    });

  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
  return seen;
}

const settings = readFileSync(join(addonFolder, 'Kernel/Config/Files/XML/OtrsJiraBridge.xml'), 'utf8');

describe('the add-on package for OTRS', () => {
  test.each(families)('is the same, byte by byte, however often it is built for %s', async (family) => {
    const [one, other] = [await buildAddon(family), await buildAddon(family)];

    expect(one).toEqual(other);
    expect(one.text).not.toContain(new Date().toISOString().slice(0, 13).replace('T', ' '));
  });

  test.each(families)('holds every source, and is well-formed XML for %s', async (family) => {
    const { text } = await buildAddon(family);
    const sources = globSync('Kernel/**/*.{pm,xml}', { cwd: addonFolder }).toSorted();
    const files = filesIn(text);

    expect([...files.keys()].toSorted()).toEqual(sources);
    expect(elementsOf(text).filter((name) => name === 'File')).toHaveLength(sources.length);
    for (const location of sources.filter((each) => each.endsWith('.pm'))) {
      expect(files.get(location)).toBe(readFileSync(join(addonFolder, location), 'utf8'));
    }
    expect(elementsOf(files.get('Kernel/Config/Files/XML/OtrsJiraBridge.xml') ?? '')).toContain('Setting');
  });

  test('names the family’s own root elements and versions', async () => {
    const [otrs, otobo] = [await buildAddon('otrs'), await buildAddon('otobo')];

    expect([otrs.fileName, otobo.fileName]).toEqual(['OtrsJiraBridge-1.0.0.opm', 'OtrsJiraBridge-otobo-1.0.0.opm']);
    expect(otrs.text).toMatch(
      /<otrs_package[\s\S]*<Framework>6\.0\.x<[\s\S]*<Framework>6\.5\.x<[\s\S]*<\/otrs_package>/,
    );
    expect(otobo.text).toMatch(
      /<otobo_package[\s\S]*<Framework>10\.0\.x<[\s\S]*<Framework>11\.1\.x<[\s\S]*<\/otobo_package>/,
    );
    expect(otobo.text).not.toMatch(/otrs_package|<Framework>[67]/);
    const [config = ''] = [...filesIn(otobo.text).values()];
    expect(config).toContain('<otobo_config version="2.0" init="Application">');
    expect(config).not.toContain('otrs_config');
  });

  test('is not built from a version without a word about it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'addon-'));
    cpSync(addonFolder, folder, { recursive: true });
    const file = join(folder, 'OtrsJiraBridge.sopm');
    writeFileSync(file, readFileSync(file, 'utf8').replace('<Version>1.0.0', '<Version>1.0.1'));

    await expect(buildAddon('otrs', folder)).rejects.toThrow('change log of 1.0.1');
    rmSync(folder, { recursive: true });
  });

  test('carries its licence in every module', () => {
    for (const file of globSync('Kernel/**/*.pm', { cwd: addonFolder })) {
      expect(readFileSync(join(addonFolder, file), 'utf8')).toContain('# SPDX-License-Identifier: MIT');
    }
  });

  test('tells of the events that the web service tells of', () => {
    const webService = parse(readFileSync('connectors/otrs/webservice/otrs-jira-bridge.yml', 'utf8'));
    const sent: { Event: string }[] = webService.Requester.Invoker.Webhook.Events;
    const list = /###Events"[\s\S]*?<\/Setting>/.exec(settings)?.[0] ?? '';
    const told = Array.from(list.matchAll(/<Item>(\w+)<\/Item>/g), ([, name]) => name);

    expect(told.toSorted()).toEqual(sent.map(({ Event }) => Event).toSorted());
  });

  test('registers the operation under the name that the web service definition uses', async () => {
    const webService = readFileSync('connectors/otrs/webservice/otrs-jira-bridge.yml', 'utf8');
    const type = /#\+ {3}Type: (\S+)/.exec(webService)?.[1] ?? '';

    expect(settings).toContain(`GenericInterface::Operation::Module###${type}"`);
    expect([...filesIn((await buildAddon('otrs')).text).keys()]).toContain(
      `Kernel/GenericInterface/Operation/${type.replace('::', '/')}.pm`,
    );
  });
});
