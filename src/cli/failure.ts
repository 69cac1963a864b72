import { toBridgeError } from '../errors.ts';
import { createStackReader } from '../readable-stack.ts';
import { describeFault, faultsOf } from '../yaml.ts';

/** What to print when a command fails: faults of the configuration one per line, else code, reason and what to do. */
export function describeFailure(thrown: unknown): string {
  const faults = faultsOf(thrown);

  if (faults.length > 0) {
    return faults.map(describeFault).join('\n');
  }

  const error = toBridgeError(thrown);
  const trace =
    error.code === 'INTERNAL' && thrown instanceof Error ? `\n${createStackReader()(thrown.stack ?? '')}` : '';
  return `${error.code}: ${error.message}\n${error.help}${trace}`;
}
