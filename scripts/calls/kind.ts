import type { Calls, CountedBridge } from '../counted-bridge.ts';

/** Calls of one look, or of all looks and sweeps that an event leads to. */
export interface Budget {
  readonly reads: number;
  readonly writes: number;
}

/** One kind of event, with the calls that it costs and why it cannot be had for less. */
export interface Kind {
  readonly event: string;
  readonly otrs: Budget;
  readonly jira: Budget;
  /** One sentence: what each call is for, and what forbids fewer. */
  readonly because: string;
  /** Makes it happen, after whatever has to be there before; only what comes after it is counted. */
  happens(scene: Scene): void | Promise<void>;
  /** What is counted, if not all that webhooks lead to. */
  counts?(bridge: CountedBridge): Promise<Calls>;
  /** Whether OTRS tells the bridge of its own changes too, against the conditions of its web service. */
  readonly isEchoing?: true;
}

/** A ticket that was handed over to line 3, with nothing left to do. */
export interface Escalated {
  readonly ticket: { readonly id: string; readonly number: string };
  readonly issue: string;
}

/** An escalated ticket with a linked one for the support of DWH. */
export interface Linked extends Escalated {
  readonly linked: string;
}

export interface Scene {
  readonly bridge: CountedBridge;
  escalated(): Promise<Escalated>;
  linked(): Promise<Linked>;
}

const SUPPORT = { service: 'NTTM: Техническая поддержка', type: 'Инцидент', priority: '3 Средний' } as const;

/** A ticket that line 2 hands over: nothing is missing in it. */
export function handOver(
  { otrs }: CountedBridge,
  changes: Partial<Parameters<CountedBridge['otrs']['createTicket']>[0]> = {},
): Escalated['ticket'] {
  return otrs.createTicket({
    ...SUPPORT,
    title: 'Не создаётся заявка в ЕИП — ошибка 500',
    text: 'Шаги: открыть инцидент 554321, нажать «Отправить в ЕИП». Ожидаю: заявка создана. Получаю: ошибка 500.',
    ticketQueue: 'NTTM::3ЛТП',
    state: 'В работе',
    ...changes,
  });
}

export function setScene(bridge: CountedBridge): Scene {
  const { otrs, jira } = bridge;
  const escalated = async () => {
    const ticket = handOver(bridge);
    await bridge.react();
    const issue = String(otrs.ticket(ticket.id).fields.JiraKey ?? '');
    jira.issue(issue);
    return { ticket, issue };
  };
  return {
    bridge,
    escalated,
    linked: async () => {
      const first = await escalated();
      otrs.setField(first.ticket.id, 'RelatedSystem', 'dwh');
      await bridge.react();
      const linked = otrs
        .tickets()
        .find(({ fields }) => String(fields.ParentTicket ?? '').includes(first.ticket.number));
      if (linked === undefined) {
        throw new Error(`no ticket was opened for ${first.ticket.number}`);
      }

      return { ...first, linked: String(linked.id) };
    },
  };
}
