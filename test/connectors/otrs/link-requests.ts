/**
 * Requests of `LinkAdd` for two tickets of the bridge's queues and one that is hidden from it, in this order: what is wrong,
 * then a link, the same again, and links that exclude it, then a wrong password.
 */
export function linkRequests({
  one,
  other,
  hidden,
}: Readonly<Record<'one' | 'other' | 'hidden', string>>): readonly object[] {
  return [
    {},
    { SourceTicketID: one },
    { SourceTicketID: one, TargetTicketID: 'x' },
    { SourceTicketID: '1 OR 1=1', TargetTicketID: other },
    { SourceTicketID: one, TargetTicketID: [other] },
    { SourceTicketID: one, TargetTicketID: hidden },
    { SourceTicketID: hidden, TargetTicketID: one },
    { SourceTicketID: one, TargetTicketID: 99_999_999 },
    { SourceTicketID: one, TargetTicketID: one },
    { SourceTicketID: one, TargetTicketID: other, Type: 'Duplicate' },
    { SourceTicketID: one, TargetTicketID: other, Type: 'ParentChild' },
    { SourceTicketID: one, TargetTicketID: other, Type: 'ParentChild' },
    { SourceTicketID: one, TargetTicketID: other },
    { SourceTicketID: other, TargetTicketID: one, Type: 'ParentChild' },
    { SourceTicketID: one, TargetTicketID: other, Password: 'wrong' },
  ];
}
