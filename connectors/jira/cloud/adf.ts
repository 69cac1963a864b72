import type { JiraOptions } from '../options.ts';

export function toAdf(text: string, _options: Pick<JiraOptions, 'text_limit'>): unknown {
  return {
    type: 'doc',
    version: 1,
    content: text === '' ? [] : [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  };
}

export function fromAdf(document: unknown): string {
  const found: string[] = [];
  JSON.stringify(document ?? null, (key, value) => {
    if (key === 'text' && typeof value === 'string') {
      found.push(value);
    }
    return value;
  });
  return found.join('\n');
}
