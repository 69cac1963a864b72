import { defineConnector } from '../../src/connector.ts';
import { openDesk } from './desk.ts';
import { openGateway } from './gateway.ts';
import { type OtrsOptions, options } from './options.ts';
import { keepSession } from './session.ts';
import { readWebhook } from './webhook.ts';

/** OTRS and its heirs (Znuny, OTOBO) through the generic interface, over REST. */
export const otrs = defineConnector<OtrsOptions>({
  name: 'otrs',
  options,
  connect(settings, context) {
    const { system, now, folder } = context;
    const gateway = openGateway(settings, context);
    const session = keepSession(settings, gateway);
    return {
      desk: openDesk({ options: settings, session, gateway, system, now, folder }),
      receive: (webhook) => readWebhook(webhook, system, settings.user_id),
    };
  },
});
