/** Maximum length of each logged text of an error. */
const MOST_TEXT = 8_192;
/**
 * Number of characters that are kept from the end of a longer text, because the end of a stack shows where the call
 * began.
 */
const END = 2_048;
const MOST_FIELDS = 20;
const MOST_INNER = 5;

/**
 * Creates a loggable copy of a thrown value: its name, message, stack, causes and plain fields, all limited in length.
 * A thrown value may itself throw when it is read, but this function never throws.
 */
export function loggableError(thrown: unknown, depth = 3): Error {
  const error = new Error(textOf(thrown));
  const name = read(thrown, 'name');
  const stack = read(thrown, 'stack');
  const inner = depth > 0 && read(thrown, 'errors');
  const cause = depth > 0 ? read(thrown, 'cause') : undefined;
  for (const [field, value] of plainFields(thrown)) define(error, field, value, true);
  define(error, 'name', typeof name === 'string' ? cut(name) : 'NonError');
  define(error, 'stack', typeof stack === 'string' ? cut(stack) : `${error.name}: ${error.message}`);
  // Serializers read the type from here first, and only then from the name.
  define(error, 'constructor', undefined);
  if (cause !== undefined) define(error, 'cause', loggableError(cause, depth - 1));
  if (isArray(inner)) define(error, 'errors', firstOf(inner, depth));
  return error;
}

function textOf(thrown: unknown): string {
  const message = read(thrown, 'message');
  if (typeof message === 'string') return cut(message);
  try {
    return cut(String(thrown));
  } catch {
    return 'the value cannot be read';
  }
}

function plainFields(thrown: unknown): [string, unknown][] {
  if (typeof thrown !== 'object' || thrown === null) return [];
  try {
    return Object.keys(thrown)
      .slice(0, MOST_FIELDS)
      .map((field): [string, unknown] => [field, read(thrown, field)])
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([field, value]) => [field, typeof value === 'string' ? cut(value) : value]);
  } catch {
    return [];
  }
}

function firstOf(errors: readonly unknown[], depth: number): Error[] {
  try {
    return errors.slice(0, MOST_INNER).map((each) => loggableError(each, depth - 1));
  } catch {
    return [];
  }
}

function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

function read(thrown: unknown, field: string): unknown {
  try {
    return (thrown as Record<string, unknown> | null | undefined)?.[field];
  } catch {
    return undefined;
  }
}

function define(error: Error, field: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, field, { value, enumerable, configurable: true, writable: true });
}

function cut(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  const left = text.length - MOST_TEXT;
  return `${text.slice(0, MOST_TEXT - END)}… (${left} characters omitted) …${text.slice(-END)}`;
}
