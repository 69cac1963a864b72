import { resolve } from 'node:path';
import type * as z from 'zod';
import { children, isPath } from '../schema-shape.ts';

/** Makes every option that is marked `.meta({ path: true })` absolute; it counts from the folder of the file. */
export function resolvePaths<Config>(config: Config, schema: z.ZodType<Config>, folder: string): Config {
  const visit = (value: unknown, schemas: readonly z.core.$ZodType[]): unknown => {
    if (typeof value === 'string') {
      return schemas.some(isPath) ? resolve(folder, value) : value;
    }

    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
      return value;
    }

    const entries = Object.entries(value).map(([key, inner]) => [
      key,
      visit(
        inner,
        schemas.flatMap((each) => children(each, key)),
      ),
    ]);
    return Object.fromEntries(entries);
  };

  return visit(config, [schema]) as Config;
}
