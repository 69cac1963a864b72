import { parseArgs } from 'node:util';
import { narrator } from './narrator.ts';
import { type Scene, startScene } from './scene.ts';
import { stories } from './stories.ts';
import type { Story } from './story.ts';

const USAGE = `npm run demo [-- --exit] [--production] [--cloud]

Starts an OTRS and a JIRA to try the bridge on, and the bridge between them, and plays eight tickets through their life.

  --exit         end after the last ticket: with 0 if every ticket reached its expected end, otherwise with 1
  --production   use config/bridge.production.yaml with a private RabbitMQ and PostgreSQL
  --cloud        let the JIRA be a JIRA Cloud instead of a Data Center
  --help         show this text
`;

async function play(story: Story, number: number, scene: Scene): Promise<boolean> {
  const started = performance.now();
  narrator.story(number, story.title, story.shows);
  try {
    await story.play(scene, { says: narrator.person });
    narrator.end((performance.now() - started) / 1000);
    return true;
  } catch (thrown) {
    narrator.failure(thrown instanceof Error ? thrown.message : String(thrown));
    return false;
  }
}

/** Asked again while a system does not answer, as it may for a moment. */
async function explained(scene: Scene, id: string, tries = 10): Promise<readonly string[]> {
  try {
    return (await scene.app.explain({ system: 'otrs', id })).summary;
  } catch (thrown) {
    if (tries <= 1) {
      throw thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return explained(scene, id, tries - 1);
  }
}

async function summary(scene: Scene): Promise<void> {
  narrator.line('\nTickets and their issues:');
  for (const ticket of scene.otrs.tickets()) {
    const sentences = await explained(scene, String(ticket.id));
    const link = `${scene.otrs.url}/index.pl?Action=AgentTicketZoom;TicketID=${ticket.id}`;
    narrator.line(
      `   ${ticket.number}  ${ticket.state}  ${ticket.fields.JiraKey ?? '—'}  ${ticket.title}\n      ${link}`,
    );
    for (const sentence of sentences) {
      narrator.aside(sentence);
    }
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      exit: { type: 'boolean' },
      production: { type: 'boolean' },
      cloud: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    narrator.line(USAGE);
    return 0;
  }

  const profile = values.production ? 'production' : 'embedded';
  const scene = await startScene(
    profile,
    { onEffect: narrator.effect },
    { jira: values.cloud ? 'cloud' : 'datacenter', ports: 'known' },
  );
  try {
    narrator.line(`Bridge ${scene.app.address}/readyz   OTRS ${scene.otrs.url}/index.pl   JIRA ${scene.jira.url}`);
    let failures = 0;
    for (const [index, story] of stories.entries()) {
      failures += (await play(story, index + 1, scene)) ? 0 : 1;
    }
    await summary(scene);
    narrator.line(`\n${stories.length - failures} of ${stories.length} tickets reached their expected end.`);
    if (!values.exit) {
      narrator.line(
        'Everything goes on running: open the links above, or ask `npx bridge explain <ticket number>` in a second window. Ctrl-C stops it.',
      );
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      });
    }
    return failures === 0 ? 0 : 1;
  } finally {
    await scene.stop();
  }
}

process.exitCode = await main();
