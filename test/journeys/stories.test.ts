import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type Scene, startScene } from '../../sandbox/demo/scene.ts';
import { stories } from '../../sandbox/demo/stories.ts';

describe.each(['datacenter', 'cloud'] as const)(
  'a ticket’s whole life on the embedded default, with JIRA %s',
  (jira) => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await startScene('embedded', {}, { jira });
    });
    afterAll(() => scene?.stop());

    test.each(stories.map((story) => [`${story.title}: ${story.shows}`, story] as const))(
      '%s',
      async (_, story) => {
        await story.play(scene, { says: () => undefined });
      },
      60_000,
    );
  },
);
