import { issueStories } from './issue-stories.ts';
import { linkedStories } from './linked-stories.ts';
import type { Story } from './story.ts';

/** What the demonstration plays, in this order. */
export const stories: readonly Story[] = [...issueStories, ...linkedStories];
