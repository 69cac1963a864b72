import type { Script, Stage } from '../stage.ts';
import { draft } from './people.ts';

const PETROVA = 'petrova.2l';

/** Opens a ticket with a file, works on it, merges it: the webhooks of each act. */
const story = async (stage: Stage) => {
  const agent = stage.agent(PETROVA);
  const attachments = [{ name: 'журнал.txt', contentType: 'text/plain', content: Buffer.from('журнал') }];
  const { id } = await agent.open({ ...draft, title: 'Вид веб-хука', attachments });
  const opened = await stage.webhooks();
  await agent.setPriority(id, '1 Критичный');
  const priority = await stage.webhooks();
  await agent.setField(id, 'Solution', 'Готово');
  const field = await stage.webhooks();
  await agent.write(id, { subject: 'Заметка', body: 'Внутри', public: false });
  const written = await stage.webhooks();
  await agent.setState(id, 'В работе');
  return { opened, priority, field, written, state: await stage.webhooks() };
};

const merging = async (stage: Stage) => {
  const agent = stage.agent(PETROVA);
  const [{ id: merged }, { id: main }] = [await agent.open(draft), await agent.open(draft)];
  await stage.webhooks();
  await agent.merge(merged, main);
  return stage.webhooks();
};

/** What the webhooks of the invokers of Znuny look like without any mapping. */
export const shapes: Script = {
  'webhooks of Ticket::Generic': async (stage) => {
    await stage.party.sendAs('generic');
    return story(stage);
  },
  'webhooks of Generic::Tunnel': async (stage) => {
    await stage.party.sendAs('tunnel');
    return { ...(await story(stage)), merged: await merging(stage) };
  },
};
