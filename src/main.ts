#!/usr/bin/env node
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { argv, exit, stderr, stdout } from 'node:process';
import { addAbortSignal } from 'node:stream';
import manifest from '../package.json' with { type: 'json' };
import { type Deeds, runCommand } from './cli/commands.ts';
import { editorIn } from './config/load.ts';

/** The application is loaded when a command needs it, so that `--help` is quick. */
const deeds: Deeds = {
  serve: async (file, signal) => (await import('./app.ts')).serve(file, signal),
  check: async (file, signal, trip) => (await import('./app.ts')).check(file, signal, trip),
  checkOffline: async (file) => (await import('./app/check-offline.ts')).checkOffline(file),
  migrate: async (file) => (await import('./app.ts')).migrate(file),
  setUpBroker: async (file, administrator) => (await import('./app.ts')).setUpBroker(file, administrator),
  letters: async (file, access, work) => (await import('./app.ts')).withLetters(file, access, work),
  explain: async (file, request, signal) => (await import('./app.ts')).explainTicket(file, request, signal),
  story: async (file, request) => (await import('./app/story.ts')).storyOf(file, request),
  backup: async (file, target) => (await import('./app/backup.ts')).backup(file, target),
  restore: async (file, source) => (await import('./app/backup.ts')).restore(file, source),
  sla: async (file, mappings) => (await import('./app/sla.ts')).loadSla(file, mappings),
  rules: async (file, mappings) => (await import('./app/config.ts')).loadRules(file, mappings),
  otrsGuide: async (file) => (await import('./app/otrs-guide.ts')).otrsGuide(file),
  writeOtrsWebService: async (file, target) => (await import('./app/otrs-guide.ts')).writeOtrsWebService(file, target),
  snapshots: async function* (file) {
    yield* (await import('./app/replay.ts')).storedSnapshots(file);
  },
};

const stopping = new AbortController();

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted) {
      // Whoever asks twice does not want to wait; what was in hand is found in doubt at the next start.
      exit(1);
    }

    stopping.abort(new Error(`stopped by ${name}`));
  });
}

// Whoever reads the words may leave after the first lines (`| head`): that is no fault, the rest is not wanted.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
}

const streams = {
  input: () => addAbortSignal(stopping.signal, process.stdin.setEncoding('utf8')),
  drained: async () => {
    if (stdout.writableNeedDrain) {
      await once(stdout, 'drain').catch(() => undefined);
    }
    if (stdout.errored !== null) {
      // Nobody reads the answers any more, and the questions may be endless.
      exit(0);
    }
  },
  out: (text: string) => void stdout.write(text),
  error: (text: string) => void stderr.write(text),
};

process.exitCode = await runCommand(argv.slice(2), {
  version: manifest.version,
  deeds,
  streams,
  signal: stopping.signal,
  login: userInfo().username,
  editor: editorIn(),
});
