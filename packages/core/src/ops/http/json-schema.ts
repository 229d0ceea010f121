/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 uses it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly (string | boolean)[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly examples?: readonly (string | number | boolean)[];
}

/** A schema of an object. */
export interface ObjectSchema extends JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties: false;
}

/** Creates the schema of an object with these required and optional properties, and no others. */
export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): ObjectSchema {
  return {
    type: 'object',
    properties: { ...properties, ...optional },
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

export function text(description: string, more: Omit<JsonSchema, 'type' | 'description'> = {}): JsonSchema {
  return { type: 'string', description, ...more };
}

export function integer(description: string, more: Omit<JsonSchema, 'type' | 'description'> = {}): JsonSchema {
  return { type: 'integer', description, ...more };
}

export function number(description: string): JsonSchema {
  return { type: 'number', description };
}

export function flag(description: string): JsonSchema {
  return { type: 'boolean', description };
}

export function time(description: string): JsonSchema {
  return { type: 'string', format: 'date-time', description, examples: ['2026-01-31T12:00:00Z'] };
}

export function oneOf(values: readonly string[], description: string): JsonSchema {
  return { type: 'string', enum: values, description };
}

export function list(
  items: JsonSchema,
  description: string,
  more: Pick<JsonSchema, 'minItems' | 'maxItems'> = {},
): JsonSchema {
  return { type: 'array', items, description, ...more };
}
