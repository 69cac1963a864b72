/** Kinds of history entries, numbered as every installation numbers them. */
const names = [
  ...[
    'NewTicket',
    'FollowUp',
    'SendAutoReject',
    'SendAutoReply',
    'SendAutoFollowUp',
    'Forward',
    'Bounce',
    'SendAnswer',
  ],
  ...['SendAgentNotification', 'SendCustomerNotification', 'EmailAgent', 'EmailCustomer', 'PhoneCallAgent'],
  ...['PhoneCallCustomer', 'AddNote', 'Move', 'Lock', 'Unlock', 'Remove', 'TimeAccounting', 'CustomerUpdate'],
  ...['PriorityUpdate', 'OwnerUpdate', 'LoopProtection', 'Misc', 'SetPendingTime', 'StateUpdate'],
  ...['TicketDynamicFieldUpdate', 'WebRequestCustomer', 'TicketLinkAdd', 'TicketLinkDelete', 'SystemRequest', 'Merged'],
  ...['ResponsibleUpdate', 'Subscribe', 'Unsubscribe', 'TypeUpdate', 'ServiceUpdate', 'SLAUpdate', 'ArchiveFlagUpdate'],
  ...['EscalationSolutionTimeStop', 'EscalationResponseTimeStart', 'EscalationUpdateTimeStart'],
  ...['EscalationSolutionTimeStart', 'EscalationResponseTimeNotifyBefore', 'EscalationUpdateTimeNotifyBefore'],
  ...['EscalationSolutionTimeNotifyBefore', 'EscalationResponseTimeStop', 'EscalationUpdateTimeStop', 'TitleUpdate'],
  ...['EmailResend', 'Bulk'],
];

export const historyTypes: Readonly<Record<string, number>> = Object.fromEntries(
  names.map((name, index) => [name, index + 1]),
);
