import { type Agent, agents, customers } from '../world.ts';

export function agentOf(login: string): Agent {
  const agent = agents.find((each) => each.login === login);
  if (agent === undefined) {
    throw new Error(`The sandbox has no agent ${login}`);
  }
  return agent;
}

/** A customer acts through the portal, whose changes belong to the first agent. */
export function authorOf(login: string) {
  const customer = customers.find((each) => each.login === login);
  if (customer !== undefined) {
    return { userId: 1, isCustomer: true, from: `"${customer.name}" <${customer.email}>` };
  }

  const agent = agentOf(login);
  return { userId: agent.id, isCustomer: false, from: agent.name };
}
