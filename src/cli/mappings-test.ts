import { BridgeError } from '../errors.ts';
import { describeExampleFailure, type Failure, failuresOf, readExamples } from '../replay/examples.ts';
import { faultsOf } from '../yaml.ts';
import type { CommandContext, ExitCode } from './commands.ts';

export interface MappingsTestOptions {
  readonly config: string;
  readonly mappings?: string;
  readonly json?: boolean;
}

/** Runs the examples that lie beside the rules. */
export const mappingsTest = {
  name: 'test',
  description: 'Decide the examples of the folder `examples/` of the mappings and compare with what they expect.',
  examples: ['bridge mappings test', 'bridge mappings test --mappings /etc/bridge/mappings.next --json'],
  run: async (options: MappingsTestOptions, { deeds, streams }: CommandContext): Promise<ExitCode> => {
    const { config, mappings, json } = options;
    try {
      const { folder, policy } = await deeds.rules(config, mappings);
      const { examples, faults } = await readExamples(folder);
      if (faults.length > 0) {
        const message = `the examples have ${faults.length} fault(s)`;
        throw new BridgeError('CONFIGURATION_INVALID', message, { details: { faults } });
      }

      const failures = examples.flatMap((example) => failuresOf(example, policy));
      const report = { rules: policy.version, examples: examples.length, failures, faults: [] };
      streams.out(json === true ? toJson(report) : toText(report));
      return failures.length === 0 ? 0 : 1;
    } catch (thrown) {
      const faults = faultsOf(thrown);
      if (json !== true || faults.length === 0) {
        throw thrown;
      }
      streams.out(toJson({ examples: 0, failures: [], faults }));
      return 1;
    }
  },
};

interface Report {
  readonly rules: string;
  readonly examples: number;
  readonly failures: readonly Failure[];
}

function toText({ rules, examples, failures }: Report): string {
  if (examples === 0) {
    return 'there are no examples\n';
  }

  const broken = new Set(failures.map(({ name }) => name)).size;
  const sum = broken === 0 ? `${examples} example(s) hold` : `${broken} of ${examples} example(s) do not hold`;
  return `${[...failures.map(describeExampleFailure), `${sum} under rules ${rules}`].join('\n')}\n`;
}

function toJson(report: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
