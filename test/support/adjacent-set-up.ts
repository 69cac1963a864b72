import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A configuration and mappings as docs/adding-a-system.md has them, in a folder of their own. */
export interface AdjacentSetUp {
  readonly folder: string;
  /** The configuration file. */
  readonly config: string;
  /** Replaces a text in a file of the folder. */
  change(file: string, from: string | RegExp, to: string): Promise<void>;
  remove(): Promise<void>;
}

export interface Addresses {
  readonly otrs: string;
  readonly jira: string;
  readonly dwh: string;
  /** Port of the door. */
  readonly port: number;
}

/** The text of a code block of the page, by the comment in its first line. */
export async function blockOf(title: string): Promise<string> {
  const page = await readFile('docs/adding-a-system.md', 'utf8');
  const [, block] = page.split(`\n# ${title}\n`);
  const [text] = block?.split('\n```') ?? [];
  if (text === undefined) {
    throw new Error(`docs/adding-a-system.md has no block «${title}»`);
  }
  return `${text}\n`;
}

/** The shipped files with the changes that the page tells of. */
export async function setUpAdjacent({ otrs, jira, dwh, port }: Addresses): Promise<AdjacentSetUp> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-adjacent-'));
  const config = join(folder, 'bridge.yaml');
  await cp('mappings', join(folder, 'mappings'), { recursive: true });
  await cp('config/bridge.yaml', config);
  const change = async (file: string, from: string | RegExp, to: string) => {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    const changed = text.replace(from, () => to);
    if (changed === text) {
      throw new Error(`${file} holds no ${from}`);
    }
    await writeFile(path, changed);
  };

  await writeFile(config, `${await readFile(config, 'utf8')}\n${await blockOf('config/bridge.yaml')}`);
  await change('bridge.yaml', '../mappings', 'mappings');
  await change('bridge.yaml', '../var/bridge.sqlite', 'bridge.sqlite');
  await change('bridge.yaml', 'port: 8400', `port: ${port}`);
  await change('bridge.yaml', /base_url: .*OTRS_URL.*/, `base_url: ${otrs}`);
  await change('bridge.yaml', /base_url: .*JIRA_URL.*/, `base_url: ${jira}`);
  await change('bridge.yaml', /base_url: .*DWH_URL.*/, `base_url: ${dwh}`);
  await change(
    'mappings/related-systems.yaml',
    /^ {2}- key: dwh\n(?: {4}.*\n)*/m,
    await blockOf('mappings/related-systems.yaml: instead of the row of DWH'),
  );
  await writeFile(join(folder, 'mappings/examples/dwh.yaml'), await blockOf('mappings/examples/dwh.yaml'));
  return { folder, config, change, remove: () => rm(folder, { recursive: true, force: true }) };
}
