import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../connectors/otrs/connector.ts';
import type { Connection, Desk } from '../../src/connector.ts';
import type { Ref } from '../../src/domain/ticket.ts';
import { type Administrator, administer } from './otrs/addon.ts';
import type { People, TicketDraft } from './otrs/agent.ts';
import { type HookListener, startHookListener } from './otrs/hook-listener.ts';
import { type Otrs, startOtrs } from './otrs/set-up.ts';

export const signal = new AbortController().signal;

/** A real help desk whose administrator knows the add-on package, and a listener in the bridge's place. */
export interface AddonRig {
  readonly real: Otrs;
  readonly administrator: Administrator;
  /** The bridge's own, over REST. */
  readonly connection: Connection;
  readonly desks: Readonly<Record<'REST' | 'SOAP', Desk>>;
  people: People;
  /** Replaced by one at the same address where it was away for a while. */
  bridge: HookListener;
  /** Lets people in anew, with the modules and settings of now. */
  enter(): Promise<void>;
  open(draft?: Partial<TicketDraft>): Promise<Ref>;
  link(from: Ref, to: Ref, type?: string, over?: 'REST' | 'SOAP'): Promise<void>;
  /** Calls the interface as an agent does. */
  call(
    method: 'POST' | 'PATCH',
    route: string,
    data: object,
    as?: { readonly login: string; readonly password?: string; readonly url?: string },
  ): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

const incident: TicketDraft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Совершенно тайный заголовок',
  body: 'Совершенно тайный текст',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
};

export async function startAddonRig(): Promise<AddonRig> {
  const real = await startOtrs();
  const administrator = administer(real);
  const connect = (transport: object) => {
    const options = otrs.options.parse({
      base_url: real.baseUrl,
      web_service: real.webService,
      login: real.bridge.login,
      password: real.bridge.password,
      user_id: real.bridge.userId,
      time_zone: real.timeZone,
      operations: { link_add: {} },
      ...transport,
    });
    return otrs.connect(options, { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() });
  };
  const connection = connect({});
  const desks = { REST: connection.desk, SOAP: connect({ transport: 'soap', web_service: real.soapWebService }).desk };

  const rig: AddonRig = {
    real,
    administrator,
    connection,
    desks,
    people: administrator.enter(),
    bridge: await startHookListener(),
    async enter() {
      await rig.people.stop();
      rig.people = administrator.enter();
    },
    async open(draft = {}) {
      const { id, number } = await rig.people.agent('petrova.2l').open({ ...incident, ...draft });
      return { system: 'otrs', id, key: number };
    },
    link(from, to, type, over = 'REST') {
      const shown = { title: 'Связанная заявка', url: 'https://desk.example.test/4711' };
      return desks[over].relate(from, to, type === undefined ? shown : { ...shown, type }, signal);
    },
    async call(method, route, data, as = { login: 'bridge' }) {
      const { login, password = real.passwords[login], url = real.baseUrl } = as;
      const answer = await fetch(`${url}/nph-genericinterface.pl/Webservice/otrs-jira-bridge${route}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ UserLogin: login, Password: password, ...data }),
      });
      const body: Record<string, unknown> = JSON.parse(await answer.text());
      return body;
    },
    async stop() {
      await desks.REST.close();
      await desks.SOAP.close();
      await rig.people.stop();
      await real.stop();
      await rig.bridge.stop();
    },
  };
  return rig;
}
