import { z } from 'zod';
import { issueText } from '../arguments/issue-text.ts';
import { nearestNames } from '../directory/nearest-names.ts';

/** Schemas of objects by the value of their field `type`. */
export type SchemasByType = Readonly<Record<string, z.ZodType>>;

/**
 * Returns a schema for objects that have a field `type`, such as blocks. Refuses an unknown type and names the most
 * similar type. Accepts unknown fields, because Slack may add fields.
 *
 * @param noun - what the objects are, for example `block`
 */
export function schemaByType(noun: string, schemas: SchemasByType): z.ZodType {
  const types = Object.keys(schemas);
  return z.looseObject({ type: z.string() }).check((checked) => {
    const { type } = checked.value;
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    if (schema === undefined) {
      const message = unknownType(noun, type, types);
      checked.issues.push({ code: 'custom', path: ['type'], message, input: checked.value });
      return;
    }
    for (const issue of schema.safeParse(checked.value).error?.issues ?? []) {
      checked.issues.push({ code: 'custom', path: [...issue.path], message: issueText(issue), input: checked.value });
    }
  });
}

function unknownType(noun: string, type: string, types: readonly string[]): string {
  const [nearest] = nearestNames(type.slice(0, 100).toLowerCase(), types, 1);
  const hint = nearest === undefined ? `Types: ${types.join(', ')}` : `did you mean ${nearest}?`;
  return `no ${noun} has the type ${JSON.stringify(type.slice(0, 60))} here; ${hint}`;
}
