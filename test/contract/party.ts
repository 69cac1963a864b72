import type { Agent, ArticleDraft } from '../e2e/otrs/agent.ts';

/** A help desk that the contract is tried on: the real one or the sandbox. */
export interface Party {
  /** `http://127.0.0.1:PORT/otrs`. */
  readonly baseUrl: string;
  readonly webService: string;
  readonly soapWebService: string;
  readonly bridge: { readonly login: string; readonly password: string };
  /** User id of every agent by login. */
  readonly userIds: Readonly<Record<string, string>>;
  agent(login: string): Acting;
  writeAsCustomer(ticket: string, from: string, article: Omit<ArticleDraft, 'public'>): Promise<string>;
  /** Every webhook so far, once there is none left to be sent. */
  webhooks(): Promise<readonly object[]>;
  /** From now on webhooks look as this invoker of Znuny, or the bridge’s own definition, makes them. */
  sendAs(shape: 'short' | 'generic' | 'tunnel'): Promise<void>;
  /** Puts the add-on package in, which links tickets; there are no webhooks any more. */
  installAddOn(): Promise<void>;
  stop(): Promise<void>;
}

/** What the contract asks people to do. */
export type Acting = Omit<Agent, 'split'>;
