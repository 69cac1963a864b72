import type { AdjacentConnector } from '../src/connector.ts';
import { httpTickets } from './http-tickets/connector.ts';
import { jira } from './jira/connector.ts';
import { otrs } from './otrs/connector.ts';

/** The two systems that the bridge stands between. */
export const connectors = { otrs, jira };

/** Adjacent systems, by the `kind` in the configuration. A new one is a folder beside this file and a line here. */
export const adjacentConnectors: Readonly<Record<string, AdjacentConnector>> = { 'http-tickets': httpTickets };
