/** An answer in place of the one that was asked for; nothing is executed. */
export interface FakeAnswer {
  readonly status: number;
  readonly body?: string;
  /** In place of `body`: an answer of the operation, e.g. `{ Error: … }`, to be written as JSON or as an envelope. */
  readonly result?: object;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only calls of this operation, e.g. `TicketUpdate`; absent: any call. */
  readonly operation?: string;
  /** Only calls whose query matches, e.g. `GetAttachmentContents=1`. */
  readonly query?: RegExp;
}

/** Troubles that a test or a demonstration brings about. */
export function plantFaults() {
  const answers: FakeAnswer[] = [];
  const lost: string[] = [];
  const lostFields: string[] = [];
  let delayOf = (_operation: string) => 0;
  return {
    failNext(answer: FakeAnswer, times = 1) {
      answers.push(...Array.from({ length: times }, () => answer));
    },
    loseNextAnswer(operation: string) {
      lost.push(operation);
    },
    loseNextFieldWrite(name: string) {
      lostFields.push(name);
    },
    slow(milliseconds: number | ((operation: string) => number)) {
      delayOf = typeof milliseconds === 'number' ? () => milliseconds : milliseconds;
    },
    delayMs: (operation: string) => delayOf(operation),
    takeAnswer: (operation: string, query = '') =>
      takeFirst(answers, (each) => (each.operation ?? operation) === operation && (each.query?.test(query) ?? true)),
    takeFieldLoss: (name: string) => takeFirst(lostFields, (each) => each === name) !== undefined,
    takeLoss: (operation: string) => takeFirst(lost, (each) => each === operation) !== undefined,
  };
}

export type Faults = ReturnType<typeof plantFaults>;

function takeFirst<Item>(items: Item[], fits: (item: Item) => boolean): Item | undefined {
  const index = items.findIndex(fits);
  return index < 0 ? undefined : items.splice(index, 1)[0];
}
