import { checkConfigured as checkJira } from '../../connectors/jira/check/check-names.ts';
import { checkConfigured as checkOtrs } from '../../connectors/otrs/check-configured.ts';
import type { ExpectedNames, Finding } from '../connector.ts';
import { BridgeError } from '../errors.ts';
import { loadNamesInUse } from '../policy/load.ts';
import { describeExampleFailure, failuresOf, readExamples } from '../replay/examples.ts';
import { checkVisibility } from './check-visibility.ts';
import { type AppConfig, loadSettings } from './config.ts';

/**
 * What can be found out from files alone: configuration, mappings and their examples. Opens neither a connection nor the
 * store. Throws `CONFIGURATION_INVALID` with every fault.
 */
export async function checkOffline(file: string): Promise<readonly Finding[]> {
  const { config, policy } = await loadSettings(file);
  const { examples, faults } = await readExamples(config.mappings);
  if (faults.length > 0) {
    throw new BridgeError('CONFIGURATION_INVALID', `the examples have ${faults.length} fault(s)`, {
      details: { faults },
    });
  }

  const failures = examples.flatMap((example) => failuresOf(example, policy));
  return [
    { level: 'ok', subject: 'configuration', message: `${file} is valid` },
    ...checkVisibility({ config, policy }),
    ...checkNames(config, await loadNamesInUse(config.mappings)),
    { level: 'ok', subject: 'mappings', message: `${config.mappings} is valid, version ${policy.version}` },
    ...(failures.length === 0
      ? [{ level: 'ok' as const, subject: 'examples', message: `${examples.length} example(s) hold` }]
      : failures.map((failure) => ({
          level: 'error' as const,
          subject: 'examples',
          message: describeExampleFailure(failure),
        }))),
  ];
}

/** Names that the rules use and the configuration gives a meaning. */
function checkNames({ otrs, jira }: AppConfig, expected: ExpectedNames): readonly Finding[] {
  const findings: Finding[] = [];
  checkOtrs(otrs, expected, (level, subject, message) =>
    findings.push({ level, subject: `otrs: ${subject}`, message }),
  );
  findings.push(...checkJira(jira, expected).map((finding) => ({ ...finding, subject: `jira: ${finding.subject}` })));
  return findings;
}
