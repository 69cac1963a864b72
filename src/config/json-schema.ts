import * as z from 'zod';
import { isSecret } from '../schema-shape.ts';

/** Whether the loader of the file fills in `${NAME}` and reads `…_file`. */
export type Dialect = 'configuration' | 'mapping';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A JSON Schema by which editors complete and check a YAML file. */
export function jsonSchemaOf(schema: z.ZodType, title: string, dialect: Dialect): JsonSchema {
  const generated = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      // Marks for the loader; editors have no use for them.
      delete jsonSchema.secret;
      delete jsonSchema.path;
      if (dialect === 'configuration') {
        addSecretFiles(zodSchema, jsonSchema);
        allowPlaceholder(jsonSchema);
      }
    },
  });

  return { title, ...generated };
}

/** A required secret may be given as a file instead, which JSON Schema says best by requiring neither. */
function addSecretFiles(schema: z.core.$ZodType, json: JsonSchema): void {
  if (!(schema instanceof z.ZodObject) || json.properties === undefined) {
    return;
  }

  for (const [key, option] of Object.entries<z.core.$ZodType>(schema.shape)) {
    if (isSecret(option)) {
      json.properties[`${key}_file`] = { type: 'string', description: `File that holds \`${key}\`.` };
      json.required = (json.required ?? []).filter((required) => required !== key);
    }
  }
}

/** `${NAME}` may stand for any value but is not of the form that the value itself must have. */
function allowPlaceholder(json: JsonSchema): void {
  const isFree = json.type === 'string' && json.pattern === undefined && json.format === undefined && !json.enum;
  const isScalar = ['string', 'number', 'integer', 'boolean'].includes(String(json.type));

  if (!isScalar || isFree || json.const !== undefined) {
    return;
  }

  const { description, default: fallback, ...strict } = json;

  for (const key of Object.keys(strict)) {
    delete json[key];
  }
  json.anyOf = [strict, { type: 'string', pattern: '\\$\\{' }];
}
