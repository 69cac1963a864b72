import type { ConnectorContext, Opened } from '../../../src/connector.ts';
import type { Draft } from '../../../src/domain/action.ts';
import type { Ref, Snapshot } from '../../../src/domain/ticket.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Gateway } from '../http/gateway.ts';
import type { JiraOptions } from '../options.ts';
import type { WireIssue } from '../wire.ts';
import { createInitialStates } from './initial.ts';
import { createOpening } from './open.ts';
import { createParking } from './parking.ts';
import { createScreens, type Place } from './screens.ts';

interface NewIssuesParts {
  readonly options: JiraOptions;
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly context: ConnectorContext;
  /** An issue as a read shows it. */
  readonly show: (issue: WireIssue, signal: AbortSignal) => Promise<Snapshot>;
}

/** Everything about opening issues: screens, mappings that have to wait, and what a new issue looks like. */
export interface NewIssues {
  open(draft: Draft, key: string, origin: Ref, signal: AbortSignal): Promise<Opened>;
  /** Throws for a ticket whose mapping is parked, so that nothing was ever sent for it. */
  heed(place: Place, origin: Ref): void;
  /** An issue was read, maybe the first time since it was opened. */
  learn(issue: WireIssue): void;
}

export function createNewIssues({ options, gateway, catalogue, context, show }: NewIssuesParts): NewIssues {
  const { system, now, log, onParked = () => {} } = context;
  const screens = createScreens(gateway, catalogue, now);
  const parking = createParking(now, log, onParked);
  const initial = createInitialStates(catalogue, now);
  const create = createOpening({ options, gateway, catalogue, screens, parking, log, now });

  return {
    open: async (draft, key, origin, signal) => {
      const created = await create(draft, key, origin, signal);
      const issue = await initial.foretell(draft, created, signal);
      if (issue === undefined) {
        initial.expect(draft, created);
      }
      const { id, key: issueKey, leftOut } = created;
      return {
        ref: { system, id, key: issueKey },
        ...(issue === undefined ? {} : { snapshot: await show(issue, signal) }),
        ...(leftOut.length === 0 ? {} : { detail: { leftOut } }),
      };
    },
    heed: parking.heed,
    learn: initial.learn,
  };
}
