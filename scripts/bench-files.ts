// A large file each way through the real desks against the sandboxes. The bridge's part runs in a process of its own, so
// that only its memory is measured: `npm run bench`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { connectors } from '../connectors/registry.ts';
import { generatedContent } from '../sandbox/jira/file-content.ts';
import { startSandboxJira } from '../sandbox/jira/server.ts';
import { startSandboxOtrs } from '../sandbox/otrs/server.ts';
import type { Desk } from '../src/connector.ts';
import { blankLink } from '../src/domain/link.ts';
import type { Ref } from '../src/domain/ticket.ts';
import { createAllowance } from '../src/files/allowance.ts';
import { packLuggage } from '../src/flow/luggage.ts';
import { deliver, load } from '../src/flow/transfer.ts';

const MEGABYTE = 1024 * 1024;
const SIZE = 200 * MEGABYTE;
const GOAL = 64;

const transports = { REST: {}, SOAP: { transport: 'soap', web_service: 'otrs-jira-bridge-soap' } } as const;

interface Task {
  readonly transport: keyof typeof transports;
  readonly otrsUrl: string;
  readonly jiraUrl: string;
  readonly token: string;
  readonly from: Ref;
  readonly to: Ref;
}

interface Measured {
  readonly seconds: number;
  /** Megabytes. */
  readonly before: number;
  readonly peak: number;
  readonly sha256: unknown;
}

const [, , task] = process.argv;
if (task === undefined || !task.startsWith('{')) {
  await compare();
} else {
  console.log(JSON.stringify(await carry(JSON.parse(task))));
}

async function compare(): Promise<void> {
  const otrs = await startSandboxOtrs();
  const jira = await startSandboxJira();
  jira.setUploadLimit(2 * SIZE);
  const file = { name: 'Журнал обмена.log', contentType: 'text/plain', size: SIZE };
  const full = otrs.createTicket({ title: 'Заявка', text: 'Текст', attachments: [file] });
  const source = jira.createIssue({ summary: 'Задача' });
  jira.attach(source.id, file);
  const { sha256 } = generatedContent(SIZE);

  console.log(`a file of ${SIZE / MEGABYTE} MB through the bridge, in a process of its own`);
  const target = () => ({ system: 'otrs', id: otrs.createTicket({ title: 'Заявка', text: 'Текст' }).id });
  const ways = (['REST', 'SOAP'] as const).flatMap(
    (transport) =>
      [
        [
          transport,
          { system: 'otrs', id: full.id },
          { system: 'jira', id: jira.createIssue({ summary: 'Задача' }).id },
        ],
        [transport, { system: 'jira', id: source.id }, target()],
      ] as const,
  );
  for (const [transport, from, to] of ways) {
    const name = to.system === 'jira' ? `OTRS to JIRA over ${transport}` : `JIRA to OTRS over ${transport}`;
    const measured = await measure({ transport, otrsUrl: otrs.url, jiraUrl: jira.url, token: jira.token, from, to });
    const arrived =
      to.system === 'jira' ? jira.issue(to.id).attachments[0] : otrs.ticket(to.id).articles.at(-1)?.attachments[0];
    const growth = measured.peak - measured.before;
    const isWhole = arrived?.content.sha256 === sha256 && measured.sha256 === sha256;
    console.log(
      `  ${name}   ${(SIZE / MEGABYTE / measured.seconds).toFixed(0).padStart(4)} MB/s   ` +
        `memory ${measured.before.toFixed(0)} MB before, grew by ${growth.toFixed(0)} MB at most (goal ${GOAL} MB)`,
    );
    if (!isWhole || growth >= GOAL) {
      process.exitCode = 1;
      console.log(isWhole ? '    THE GOAL IS MISSED' : '    THE FILE DID NOT ARRIVE WHOLE');
    }
  }
  await Promise.all([otrs.stop(), jira.stop()]);
}

async function measure(what: Task): Promise<Measured> {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(what)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(output);
}

/** The child's part: one small file first, so that everything is loaded and connected before the measuring begins. */
async function carry({ transport, otrsUrl, jiraUrl, token, from, to }: Task): Promise<Measured> {
  const desks = connect(transport, otrsUrl, jiraUrl, token);
  const deskOf = (system: string) => desks[system] as Desk;
  const signal = new AbortController().signal;
  const ticket = await deskOf(from.system).read(from, signal);
  const [attachment] = ticket.attachments;
  if (attachment === undefined) {
    throw new Error('there is no file to carry');
  }

  const note = { text: 'Файл', subject: 'Файл', visibility: 'internal' } as const;
  const { name, contentType, size } = attachment;
  const action = {
    do: 'attach',
    key: 'attach:1',
    ref: to,
    file: { name, contentType, size },
    note,
    besides: [],
  } as const;
  await using luggage = packLuggage({ desks, ahead: createAllowance(), signal });
  const context = { luggage, facts: { ticket, link: blankLink(from) }, later: [], content: 'checked' } as const;
  await deskOf(to.system).read(to, signal);

  const before = process.memoryUsage.rss();
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  const begin = performance.now();
  const whole = { ...action, source: { from, attachment } };
  const cargo = await load(whole, context);
  const { detail } = await deliver(whole, cargo, deskOf(to.system), signal);
  await cargo.close();
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(sampling);
  await Promise.all(Object.values(desks).map((desk) => desk.close()));
  return { seconds, before: before / MEGABYTE, peak: peak / MEGABYTE, sha256: detail?.sha256 };
}

function connect(
  transport: Task['transport'],
  otrsUrl: string,
  jiraUrl: string,
  token: string,
): Readonly<Record<string, Desk>> {
  const context = (system: string) => ({ system, log: pino({ level: 'silent' }), now: () => DateTime.now() });
  const otrs = connectors.otrs.options.parse({
    base_url: otrsUrl,
    login: 'bridge',
    password: 'bridge',
    time_zone: 'Europe/Moscow',
    max_file_megabytes: 400,
    ...transports[transport],
  });
  const jira = connectors.jira.options.parse({
    base_url: jiraUrl,
    token,
    account: 'svc_bridge',
    projects: ['OSSTTMB2B'],
  });
  return {
    otrs: connectors.otrs.connect(otrs, context('otrs')).desk,
    jira: connectors.jira.connect(jira, context('jira')).desk,
  };
}
