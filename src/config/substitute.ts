import type * as z from 'zod';
import { alternatives, type Path, schemasAt } from '../schema-shape.ts';
import type { Fault, YamlFile } from '../yaml.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  readonly data: unknown;
  readonly faults: readonly Fault[];
}

const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Fills `${NAME}` and `${NAME:-default}` into every text value; `$${` stands for `${` itself. Unset and empty both
 * take the default. A value that was filled in becomes a number or true/false where the schema wants no text.
 */
export function substitute(source: YamlFile, schema: z.ZodType, environment: Environment): Substituted {
  const faults: Fault[] = [];

  const fill = (text: string, path: Path): unknown => {
    const before = faults.length;
    const filled = text.replace(PLACEHOLDER, (whole: string, inner: string | undefined) => {
      if (whole === '$${') {
        return '${';
      }

      const [, name, fallback] = NAME_AND_DEFAULT.exec(inner ?? '') ?? [];
      if (name === undefined) {
        faults.push(
          source.fault(
            path,
            'value',
            'a placeholder is broken',
            `Write \${NAME} or \${NAME:-default}, or $\${ for \${.`,
          ),
        );
        return whole;
      }

      const value = environment[name];
      if (fallback !== undefined) {
        return value === undefined || value === '' ? fallback : value;
      }

      if (value === undefined) {
        const help = `Set it, or write \${${name}:-default}.`;
        faults.push(source.fault(path, 'value', `the environment variable \`${name}\` is not set`, help));
      }

      return value ?? whole;
    });

    return filled === text || faults.length > before ? filled : retype(filled, schemasAt(schema, path));
  };

  return { data: mapText(source.data, [], fill), faults };
}

function retype(text: string, schemas: readonly z.core.$ZodType[]): unknown {
  const wanted = new Set(schemas.flatMap(alternatives).map((schema) => schema._zod.def.type));

  if (wanted.has('string')) {
    return text;
  }

  if (wanted.has('number') && text.trim() !== '' && Number.isFinite(Number(text))) {
    return Number(text);
  }

  return wanted.has('boolean') && (text === 'true' || text === 'false') ? text === 'true' : text;
}

function mapText(data: unknown, path: Path, change: (text: string, path: Path) => unknown): unknown {
  if (typeof data === 'string') {
    return change(data, path);
  }

  if (Array.isArray(data)) {
    return data.map((entry, index) => mapText(entry, [...path, index], change));
  }

  if (typeof data === 'object' && data !== null) {
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, mapText(value, [...path, key], change)]),
    );
  }

  return data;
}
