import { DateTime } from 'luxon';
import { pino } from 'pino';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { describeSettlements } from './describe-settlements.ts';

const logins = {
  'JIRA Data Center’s gateway': { token: 't0ken', account: 'svc_bridge' },
  'JIRA Cloud’s gateway': { email: 'bridge@example.test', token: 't0ken', account: '5b10ac8d82e05b22cc7d4ef5' },
};

for (const [name, login] of Object.entries(logins)) {
  describeSettlements(name, (base_url, timeout_seconds) =>
    createGateway(
      jiraOptions.parse({ base_url, projects: ['OSS'], timeout_seconds, ...login }),
      () => DateTime.now(),
      pino({ level: 'silent' }),
    ),
  );
}
