/** What the store keeps for a time only. */
export type PrunedKind = 'events' | 'attempts' | 'looks' | 'letters' | 'jobs' | 'snapshots';
