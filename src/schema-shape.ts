import * as z from 'zod';

export type Path = readonly PropertyKey[];

/** Dots between plain keys; brackets around positions and keys with other characters. */
export function showPath(path: Path): string {
  return path.reduce<string>((shown, step) => {
    if (typeof step === 'number') {
      return `${shown}[${step}]`;
    }

    if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(String(step))) {
      return `${shown}[${JSON.stringify(String(step))}]`;
    }

    return shown === '' ? String(step) : `${shown}.${String(step)}`;
  }, '');
}

/** What a schema accepts, without the wrappers around it: a union yields each of its members. */
export function alternatives(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap(alternatives);
  }

  if (schema instanceof z.ZodPipe) {
    return alternatives(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  }

  if (schema instanceof z.ZodLazy) {
    return alternatives(schema.unwrap());
  }

  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return alternatives(schema.unwrap());
  }

  return [schema];
}

/** The schemas of one step down: of a key in a section, of an entry in a list. */
export function children(schema: z.core.$ZodType, step: PropertyKey): readonly z.core.$ZodType[] {
  return alternatives(schema).flatMap((member) => {
    if (member instanceof z.ZodObject) {
      const child: z.core.$ZodType | undefined = Object.hasOwn(member.shape, step)
        ? member.shape[String(step)]
        : undefined;
      return child === undefined ? [] : [child];
    }

    if (member instanceof z.ZodRecord) {
      return [member.valueType];
    }

    return member instanceof z.ZodArray ? [member.element] : [];
  });
}

/** Every schema that may apply at a path; several where a union leaves it open. */
export function schemasAt(schema: z.core.$ZodType, path: Path): readonly z.core.$ZodType[] {
  return path.reduce<readonly z.core.$ZodType[]>(
    (schemas, step) => schemas.flatMap((each) => children(each, step)),
    [schema],
  );
}

/** Keys that a section may have, in the order of the schema; a secret may also be given as the name of a file. */
export function keysOf(schema: z.core.$ZodType): readonly string[] {
  const keys = alternatives(schema).flatMap((member) => {
    if (member instanceof z.ZodObject) {
      return Object.entries(member.shape).flatMap(([key, option]) => (isSecret(option) ? [key, `${key}_file`] : [key]));
    }

    if (member instanceof z.ZodRecord && member.keyType instanceof z.ZodEnum) {
      return member.keyType.options.map(String);
    }

    return [];
  });

  return [...new Set(keys)];
}

/** The description nearest to the surface: `.describe()` may stand before or after `.default()`. */
export function descriptionOf(schema: z.core.$ZodType): string | undefined {
  return metaOf(schema).description;
}

/** True for options marked `.meta({ secret: true })`. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return metaOf(schema).secret === true;
}

/** True for options marked `.meta({ path: true })`: a file or folder, counted from the folder of the file that names it. */
export function isPath(schema: z.core.$ZodType): boolean {
  return metaOf(schema).path === true;
}

function metaOf(schema: z.core.$ZodType): z.core.GlobalMeta {
  const own = z.globalRegistry.get(schema) ?? {};
  const inner =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
      ? metaOf(schema.unwrap())
      : {};

  return { ...inner, ...own };
}
