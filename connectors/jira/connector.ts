import { defineConnector } from '../../src/connector.ts';
import { createDesk } from './desk.ts';
import { createGateway } from './http/gateway.ts';
import { type JiraOptions, jiraOptions } from './options.ts';
import { receiveWebhook } from './webhook.ts';

/** JIRA Data Center 8.14 to 11. */
export const jira = defineConnector<JiraOptions>({
  name: 'jira',
  options: jiraOptions,
  connect: (options, context) => {
    const { log, system, now, onRemaining } = context;
    const gateway = createGateway(options, now, log, onRemaining, context);
    return {
      desk: createDesk(options, gateway, context),
      receive: (webhook) => receiveWebhook(webhook, { system, account: options.account }),
    };
  },
});
