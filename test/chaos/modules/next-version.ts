import { patch } from './patch.ts';

// The version after this one, as far as it concerns this one: its schema has more, and its messages say what this one
// does not know.
patch({
  place: '/src/store/migrations/list.ts',
  from: /(export const migrations[^=]*= \[[^\]]*?),?\s*\]/,
  to: `$1, {
    name: '9998-next-version',
    statements: ['alter table work add column next_mood text default \\'calm\\'', 'create table next_mood (name text primary key)']
      .map((text) => sql.raw(text)),
  }]`,
});
patch({ place: '/src/store/migrations/list.ts', from: /^/, to: "import { sql } from 'kysely';\n" });
patch({
  place: '/src/intake/cloud-event.ts',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands so in the code.
  from: 'type: `${typePrefix}${event.kind}`,',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to stand so in the code.
  to: "type: `${typePrefix}noticed`, urgency: 'low',",
});
