/**
 * Encodes the arguments of a call in Slack's format: a form with objects and arrays as JSON. Omits values that are
 * undefined or null.
 *
 * @throws TypeError - an argument is a file or another value that a form cannot contain
 */
export function encodeForm(args: Readonly<Record<string, unknown>>): string {
  let form = '';
  for (const name of Object.keys(args)) {
    const value = args[name];
    if (value === undefined || value === null) continue;
    form += `${form === '' ? '' : '&'}${encode(name)}=${encode(textOf(name, value))}`;
  }
  return form;
}

function textOf(name: string, value: NonNullable<unknown>): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return String(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      break;
    case 'object': {
      if (isBinary(value)) {
        throw new TypeError(`the argument ${name} is a file: upload it with files.getUploadURLExternal`);
      }
      const json = JSON.stringify(value) as string | undefined;
      if (json !== undefined) return json;
      break;
    }
  }
  throw new TypeError(
    `the argument ${name} (of type ${typeof value}) cannot be represented as JSON: use a string, a finite number, a boolean or an object that JSON.stringify accepts`,
  );
}

function isBinary(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob || 'pipe' in value;
}

/** Percent-encodes text as UTF-8. Converts a lone surrogate to U+FFFD, because UTF-8 cannot represent it. */
function encode(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}
