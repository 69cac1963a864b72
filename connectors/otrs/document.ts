/** Takes the characters of one long text as they come, and tells when there is room for more. */
export type Sink = (piece: Buffer) => Promise<void> | void;

/**
 * What is done with a document that is too large to be held. Paths are of keys and begin where the data of the answer
 * begin, e.g. `Ticket.Article.ArticleID`; whether there is one of a kind or a list makes no difference.
 */
export interface DocumentReader {
  /** A value begins that is an object. */
  begin?(path: string): void;
  end?(path: string): Promise<void> | void;
  /** A short value as text. */
  value(path: string, text: string): void;
  /** Asked at the beginning of each text: where its characters go, or whether they are kept for `value` or left out. */
  string(path: string): Sink | 'keep' | 'skip';
}

/** Reads the document of one answer, once. Throws `ANSWER_UNREADABLE` for what is none. */
export type Scan = (reader: DocumentReader) => Promise<void>;
