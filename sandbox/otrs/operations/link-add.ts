import { refusal } from './refusal.ts';
import type { Data } from './values.ts';

/** Two tickets as `LinkAdd` of the add-on package linked them, oldest first. */
export interface SandboxLink {
  readonly source: string;
  readonly target: string;
  readonly type: string;
}

const types = ['Normal', 'ParentChild'];

/** The operation `LinkAdd`. Two tickets have one link at most: its types exclude each other. A new one is told to `linked`. */
export function addLink(
  links: SandboxLink[],
  data: Data,
  isReadable: (id: string) => boolean,
  linked: (link: SandboxLink) => void,
): object {
  const refuse = (reason: string, message: string) => refusal('LinkAdd', reason, message);
  for (const key of ['SourceTicketID', 'TargetTicketID']) {
    const value = data[key] ?? '';
    const id = typeof value === 'object' ? 'a structure' : String(value);
    if (id === '' || id === '0') {
      return refuse('MissingParameter', `${key} parameter is missing!`);
    }
    if (!/^[1-9]\d{0,17}$/.test(id)) {
      return refuse('InvalidParameter', `${key} is not the ID of a ticket!`);
    }
    if (!isReadable(id)) {
      return refuse('AccessDenied', `User does not have access to the ticket in ${key}!`);
    }
  }

  const [source, target, type] = [String(data.SourceTicketID), String(data.TargetTicketID), data.Type || 'Normal'];
  if (source === target) {
    return refuse('InvalidParameter', 'A ticket cannot be linked with itself!');
  }
  if (typeof type !== 'string' || !types.includes(type)) {
    return refuse('InvalidParameter', `Type must be one of ${types.join(', ')}!`);
  }

  const known = links.find((each) => each.source === source && each.target === target);
  const opposite = links.find((each) => each.source === target && each.target === source);
  if (known === undefined && opposite === undefined) {
    const link = { source, target, type };
    links.push(link);
    linked(link);
    return { LinkAdded: 1 };
  }

  const isSame = known?.type === type || (opposite?.type === type && type === 'Normal');
  return { LinkAdded: isSame ? 1 : 0 };
}
