import type { Party } from './party.ts';
import { creating } from './script/creating.ts';
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
  return {
    ...(await play(await openStage(party, 'rest'), { ...rest, ...both, ...people, ...shapes })),
    ...(await play(await openStage(party, 'soap'), { ...soap, ...both })),
  };
}
