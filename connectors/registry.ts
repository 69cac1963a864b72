import { jira } from './jira/connector.ts';
import { otrs } from './otrs/connector.ts';

/** Every connected system. A new one is a folder beside this file and a line here. */
export const connectors = { otrs, jira };
