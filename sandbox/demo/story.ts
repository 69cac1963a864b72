import type { Scene } from './scene.ts';

/** What a story tells while it is played. */
export interface Telling {
  /** A person does something. */
  says(sentence: string): void;
}

/** One ticket from its registration to its expected end. `play` rejects if the end is another one. */
export interface Story {
  readonly title: string;
  /** What the story shows, in one sentence. */
  readonly shows: string;
  play(scene: Scene, telling: Telling): Promise<void>;
}
