import { ensurePackages } from '../../sandbox/servers/debian-packages.ts';

/**
 * Installs the servers that some suites need, once and before all of them. Where that is impossible the run goes on:
 * each suite that needs a missing server fails with the command to run, and the others do not suffer.
 */
export default function installServers(): void {
  try {
    ensurePackages(['postgresql', 'rabbitmq-server']);
  } catch (cause) {
    console.error(`\n${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
}
