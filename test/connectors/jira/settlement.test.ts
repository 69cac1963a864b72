import { DateTime } from 'luxon';
import { pino } from 'pino';
import { createGateway } from '../../../connectors/jira/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { describeSettlements } from './describe-settlements.ts';

describeSettlements('JIRA Data Center’s gateway', (base_url, timeout_seconds) => {
  const options = jiraOptions.parse({
    base_url,
    token: 't',
    account: 'svc_bridge',
    projects: ['OSS'],
    timeout_seconds,
  });
  return createGateway(options, () => DateTime.now(), pino({ level: 'silent' }));
});
