import { defineConnector } from '../../src/connector.ts';
import { createDesk } from './desk.ts';
import { createGateway } from './gateway.ts';
import { type HttpTicketsOptions, httpTicketsOptions } from './options.ts';
import { receiveWebhook } from './webhook.ts';

/** A ticket system with a plain interface over HTTP and JSON, as README.md describes it. */
export const httpTickets = defineConnector<HttpTicketsOptions, typeof httpTicketsOptions>({
  name: 'http-tickets',
  options: httpTicketsOptions,
  connect: (options, context) => ({
    desk: createDesk(options, createGateway(options, context), context),
    receive: (webhook) => receiveWebhook(webhook, context.system, options.account),
  }),
});
