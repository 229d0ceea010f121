import type { z } from 'zod';

/** The type of an argument's value. */
type Kind = 'string' | 'number' | 'boolean' | 'array' | 'enum' | 'record' | 'other';

const KINDS: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'array', 'enum', 'record']);

/** Returns the schema without its optional, default and nullable wrappers. */
export function innerSchema(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: z.core.$ZodTypeDef & { innerType?: z.core.$ZodType } };
  const isOuter = def.type === 'optional' || def.type === 'default' || def.type === 'nullable';
  return isOuter && def.innerType !== undefined ? innerSchema(def.innerType) : schema;
}

/** Whether an argument can be omitted. */
export function isOptional(schema: z.core.$ZodType): boolean {
  return (schema as z.ZodType).safeParse(undefined).success;
}

/**
 * Converts a value to the argument's type if the value has only one possible meaning: a number or boolean written as a
 * string, a list or an object written as JSON text, a single item instead of a list, a number instead of a string, or
 * a choice in other words. Other values are returned unchanged.
 *
 * @param name - the name of the argument
 */
export function coerceArgument(schema: z.core.$ZodType, value: unknown, name?: string): unknown {
  const inner = innerSchema(schema);
  switch (kindOf(inner)) {
    case 'number':
      return typeof value === 'string' && /^[+-]?\d+(\.0+)?$/.test(value.trim()) ? Number(value) : value;
    case 'boolean':
      return toBoolean(value);
    case 'array':
      return toList(inner as z.core.$ZodArray, value, name);
    case 'string':
      return toText(value);
    case 'enum':
      return toChoice(inner as z.core.$ZodEnum, value);
    case 'record':
      return parsedRecord(value) ?? value;
    case 'other':
      return value;
  }
}

function kindOf({ _zod }: z.core.$ZodType): Kind {
  const { type } = _zod.def;
  return KINDS.has(type) ? (type as Kind) : 'other';
}

const YES: ReadonlySet<unknown> = new Set(['true', 'yes', 'on', '1', 1]);
const NO: ReadonlySet<unknown> = new Set(['false', 'no', 'off', '0', 0]);

function toBoolean(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (YES.has(word)) return true;
  return NO.has(word) ? false : value;
}

/** Arguments whose items have no commas, so that a text with commas is a list. */
const WITHOUT_COMMAS: ReadonlySet<string> = new Set(['users', 'emojis', 'kinds']);

function toList(schema: z.core.$ZodArray, value: unknown, name = ''): unknown {
  const list = Array.isArray(value) ? value : (parsedList(value) ?? separated(value, name));
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return value;
  return list.map((item) => coerceArgument(schema._zod.def.element, item));
}

function separated(value: unknown, name: string): unknown[] {
  if (typeof value !== 'string' || !WITHOUT_COMMAS.has(name)) return [value];
  const parts = value.split(',').map((part) => part.trim());
  return parts.every((part) => part !== '') ? parts : [value];
}

function parsedList(value: unknown): unknown[] | undefined {
  if (typeof value !== 'string' || !/^\s*\[[\s\S]*\]\s*$/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function parsedRecord(value: unknown): object | undefined {
  if (typeof value !== 'string' || !/^\s*\{[\s\S]*\}\s*$/.test(value)) return undefined;
  try {
    return JSON.parse(value) as object;
  } catch {
    return undefined;
  }
}

/**
 * Converts a number to a string. A `ts` that was sent as a number has lost only its trailing zeros, which `toMessageTs`
 * restores.
 */
function toText(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') return value[0];
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
}

/** Other words for choices of tools. */
const CHOICE_WORDS: Readonly<Record<string, string>> = {
  ...{ user: 'person', people: 'person', member: 'person' },
  ...{ usergroup: 'group', 'user group': 'group', user_group: 'group' },
  ...{ dm: 'direct', 'direct message': 'direct', direct_message: 'direct' },
  ...{ recent: 'newest', latest: 'newest', timestamp: 'newest', score: 'relevance' },
};

/**
 * Returns the choice that a value names, regardless of case, spaces, quotes and plural forms. A value may also be
 * another word for a choice, or the beginning of only one choice, such as `add` for `add_item`.
 */
function toChoice(schema: z.core.$ZodEnum, value: unknown): unknown {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof only !== 'string') return value;
  const choices = Object.values(schema._zod.def.entries);
  const word = only.replace(/^[\s"'`]+|[\s"'`]+$/g, '').toLowerCase();
  const single = word.replace(/s$/, '');
  for (const candidate of [word, single, CHOICE_WORDS[word], CHOICE_WORDS[single]]) {
    if (candidate !== undefined && choices.includes(candidate)) return candidate;
  }
  const [longer, another] = choices.filter((choice) => String(choice).startsWith(`${word}_`));
  return longer !== undefined && another === undefined && word !== '' ? longer : value;
}
