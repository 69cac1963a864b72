import type { Permission } from './catalogue.ts';
import { type FieldId, fieldIds } from './fields.ts';
import { transitions as shippedTransitions, type Transition } from './workflow.ts';

/** What an administrator of the installation can change while it runs. */
export interface Installation {
  readonly attachments: { enabled: boolean; uploadLimit: number };
  readonly screens: { create: readonly FieldId[]; edit: readonly FieldId[] };
  /** Fields besides the summary that a new issue must have, whether or not they are on the screen. */
  readonly required: Set<FieldId>;
  transitions: readonly Transition[];
  /** Ids of transitions that people may take and the bridge's account may not. */
  readonly closedTransitions: Set<string>;
  /** What the bridge's account may not do. */
  readonly denied: Set<Permission>;
  /** Whether the bridge's account may administer JIRA, and so read its webhooks. */
  isAdministrator: boolean;
  /** Whether the database refuses characters beyond U+FFFF, as MySQL does with `utf8`. */
  isNarrow: boolean;
}

/** The levers of an administrator. Transitions are named by id or name, fields by id. */
export interface Administration {
  /** What `GET /attachment/meta` tells, in bytes; larger uploads are refused. */
  setUploadLimit(bytes: number): void;
  setAttachments(enabled: boolean): void;
  /** The fields of the create screen, of the edit screen, or of the screen of a transition. */
  setScreen(screen: 'create' | 'edit' | { readonly transition: string }, fields: readonly string[]): void;
  /** From now on no issue is created, or no such transition taken, without the field. */
  requireField(field: string, where?: { readonly transition: string }): void;
  relaxField(field: string, where?: { readonly transition: string }): void;
  setWorkflow(transitions: readonly Transition[]): void;
  /** Takes a transition away from the bridge's account, or gives it back; people keep it. */
  setTransition(transition: string, state: 'open' | 'closed'): void;
  setPermission(permission: Permission, state: 'granted' | 'denied'): void;
  /** Makes the bridge's account an administrator, or an ordinary user again. */
  setAdministrator(isAdministrator: boolean): void;
  /** `narrow`: characters beyond U+FFFF, such as emoji, end in HTTP 500. */
  setDatabase(kind: 'wide' | 'narrow'): void;
}

/** As most installations come: attachments of up to 10 MiB; `reporter` is on no screen. */
export function createInstallation(): Installation {
  const create: readonly FieldId[] = [
    'summary',
    'description',
    'priority',
    'labels',
    'components',
    'duedate',
    'customfield_10300',
    'customfield_10700',
  ];
  return {
    attachments: { enabled: true, uploadLimit: 10 * 1024 * 1024 },
    screens: {
      create,
      edit: [...create, 'fixVersions', 'customfield_10200', 'customfield_10300', 'duedate', 'assignee'],
    },
    required: new Set(),
    transitions: shippedTransitions,
    closedTransitions: new Set(),
    denied: new Set(),
    isAdministrator: false,
    isNarrow: false,
  };
}

export function createAdministration(installation: Installation): Administration {
  const changeTransition = (wanted: string, change: (transition: Transition) => Transition) => {
    const { id } = transitionNamed(installation, wanted);
    installation.transitions = installation.transitions.map((each) => (each.id === id ? change(each) : each));
  };

  return {
    setUploadLimit: (bytes) => {
      installation.attachments.uploadLimit = bytes;
    },
    setAttachments: (enabled) => {
      installation.attachments.enabled = enabled;
    },
    setScreen: (screen, fields) => {
      const ids = fields.map(fieldId);
      if (typeof screen === 'string') {
        installation.screens[screen] = ids;
      } else {
        changeTransition(screen.transition, (transition) => ({ ...transition, screen: ids }));
      }
    },
    requireField: (field, where) => {
      const id = fieldId(field);
      if (where === undefined) {
        installation.required.add(id);
      } else {
        changeTransition(where.transition, (each) => ({ ...each, required: [...(each.required ?? []), id] }));
      }
    },
    relaxField: (field, where) => {
      const id = fieldId(field);
      if (where === undefined) {
        installation.required.delete(id);
      } else {
        changeTransition(where.transition, (transition) => ({
          ...transition,
          required: (transition.required ?? []).filter((each) => each !== id),
        }));
      }
    },
    setWorkflow: (transitions) => {
      installation.transitions = transitions;
    },
    setTransition: (transition, state) => {
      const { id } = transitionNamed(installation, transition);
      if (state === 'closed') {
        installation.closedTransitions.add(id);
      } else {
        installation.closedTransitions.delete(id);
      }
    },
    setAdministrator: (isAdministrator) => {
      installation.isAdministrator = isAdministrator;
    },
    setDatabase: (kind) => {
      installation.isNarrow = kind === 'narrow';
    },
    setPermission: (permission, state) => {
      if (state === 'denied') {
        installation.denied.add(permission);
      } else {
        installation.denied.delete(permission);
      }
    },
  };
}

/** The transitions that lead on from a status, for people or for the bridge's account. */
export function transitionsFrom(
  { transitions, closedTransitions, denied }: Installation,
  status: string,
  who: 'people' | 'account',
): readonly Transition[] {
  if (who === 'account' && denied.has('TRANSITION_ISSUES')) {
    return [];
  }

  return transitions.filter(
    ({ id, from }) => from.includes(status) && (who === 'people' || !closedTransitions.has(id)),
  );
}

function transitionNamed({ transitions }: Installation, wanted: string): Transition {
  const transition = transitions.find(({ id, name }) => id === wanted || name === wanted);
  if (transition === undefined) {
    throw new Error(`the workflow has no transition «${wanted}»`);
  }

  return transition;
}

function fieldId(wanted: string): FieldId {
  const id = fieldIds.find((each) => each === wanted);
  if (id === undefined) {
    throw new Error(`JIRA has no field «${wanted}»; there are ${fieldIds.join(', ')}`);
  }

  return id;
}
