// Builds the add-on package for OTRS from its sources: `npm run addon [-- --family otobo] [-- --to FOLDER]`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const addonFolder = join(import.meta.dirname, '../connectors/otrs/addon');

/** OTOBO reads the same packages under other root elements. */
export const families = ['otrs', 'otobo'] as const;
export type Family = (typeof families)[number];

export interface Addon {
  /** Name of the file under which the package is handed out, e.g. `OtrsJiraBridge-1.0.0.opm`. */
  readonly fileName: string;
  readonly text: string;
}

const otoboVersions = ['10.0.x', '10.1.x', '11.0.x', '11.1.x'];

/**
 * The package as `Dev::Package::Build` of OTRS would build it, except that its date is that of its version and not of its
 * building: the same sources give the same bytes.
 */
export async function buildAddon(family: Family, folder = addonFolder): Promise<Addon> {
  const source = await readFile(join(folder, 'OtrsJiraBridge.sopm'), 'utf8');
  const version = found(source, /<Version>([\d.]+)<\/Version>/, 'a version');
  const date = found(
    source,
    new RegExp(`<ChangeLog Version="${version}" Date="([^"]+)"`),
    `a change log of ${version}`,
  );
  const files = source.matchAll(/<File Permission="(\d+)" Location="([^"]+)"\/>/g);
  const encoded = await Promise.all(
    Array.from(files, async ([element, permission, location = '']) => {
      const bytes = forFamily(await readFile(join(folder, location), 'utf8'), family);
      const content = Buffer.from(bytes).toString('base64');
      return [
        element,
        `<File Location="${location}" Permission="${permission}" Encode="Base64">${content}</File>`,
      ] as const;
    }),
  );
  const built = encoded.reduce((text, [element, file]) => text.replace(element, () => file), source);
  const text = built.replace(
    /^( *)<Filelist>/m,
    `$1<BuildDate>${date}</BuildDate>\n$1<BuildHost>otrs-jira-bridge</BuildHost>\n$&`,
  );
  const suffix = family === 'otobo' ? '-otobo' : '';
  return { fileName: `OtrsJiraBridge${suffix}-${version}.opm`, text: forFamily(text, family) };
}

function found(text: string, pattern: RegExp, what: string): string {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) {
    throw new Error(`OtrsJiraBridge.sopm has no ${what}`);
  }
  return match;
}

function forFamily(text: string, family: Family): string {
  if (family === 'otrs') {
    return text;
  }

  const versions = otoboVersions.map((version) => `    <Framework>${version}</Framework>\n`).join('');
  return text
    .replace(/(<\/?)otrs_(package|config)\b/g, '$1otobo_$2')
    .replace(/(?: *<Framework>[^<]*<\/Framework>\n)+/, () => versions);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { family: { type: 'string', default: 'otrs' }, to: { type: 'string', default: 'var' } },
  });
  const family = families.find((each) => each === values.family);
  if (family === undefined) {
    console.error(`There is no family «${values.family}»; it is one of ${families.join(', ')}.`);
    process.exit(2);
  }

  const { fileName, text } = await buildAddon(family);
  await mkdir(values.to, { recursive: true });
  await writeFile(join(values.to, fileName), text);
  console.log(join(values.to, fileName));
}
