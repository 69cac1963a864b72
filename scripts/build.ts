// Makes one program of all modules: `npm run build`. It starts in a third of the time and needs less memory than the
// sources, which the platform reads file by file; what it does is the same.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** Files that the program reads beside itself. */
const ASSETS = ['connectors/otrs/webservice/otrs-jira-bridge.yml', 'connectors/otrs/soap/ticket-connector.wsdl'];

const { values } = parseArgs({ options: { to: { type: 'string', default: join(root, 'dist') } } });
await buildProgram(values.to);

async function buildProgram(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    sourcemap: 'linked',
    // Of pg; nobody needs it.
    external: ['pg-native'],
    plugins: [placesOfFiles()],
    // What is not written as a module of today asks for others in the old way.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
  for (const asset of ASSETS) {
    await mkdir(dirname(join(folder, asset)), { recursive: true });
    await cp(join(root, asset), join(folder, asset));
  }
  const modules = Object.keys(metafile.inputs).length;
  console.log(
    `${modules} modules in ${relative(process.cwd(), folder) || '.'}; start it with: node ${join(relative(process.cwd(), folder), 'main.js')} serve`,
  );
}

/** A module that looks for files beside itself finds them below the program's folder, under the path of its source. */
function placesOfFiles(): Plugin {
  return {
    name: 'places-of-files',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const folder = JSON.stringify(`/${dirname(relative(root, path))}`);
        return {
          loader: 'ts',
          contents: source.replaceAll('import.meta.dirname', `(import.meta.dirname + ${folder})`),
        };
      });
    },
  };
}
