import type { Party } from './party.ts';
import { creating } from './script/creating.ts';
import { linking } from './script/linking.ts';
import { people } from './script/people.ts';
import { reading } from './script/reading.ts';
import { searching } from './script/searching.ts';
import { sessions } from './script/sessions.ts';
import { shapes } from './script/shapes.ts';
import { rest, soap } from './script/transports.ts';
import { updating } from './script/updating.ts';
import { openStage, play } from './stage.ts';

export type Answers = Readonly<Record<string, unknown>>;

const both = { ...sessions, ...creating, ...reading, ...searching, ...updating };

/** Everything that the contract is about, in the order of the script: answers over both transports, histories, webhooks. */
export async function playContract(party: Party): Promise<Answers> {
  const overRest = await openStage(party, 'rest');
  const overSoap = await openStage(party, 'soap');
  const answers = {
    ...(await play(overRest, { ...rest, ...both, ...people, ...shapes })),
    ...(await play(overSoap, { ...soap, ...both })),
  };
  await party.installAddOn();
  return { ...answers, ...(await play(overRest, linking)), ...(await play(overSoap, linking)) };
}
