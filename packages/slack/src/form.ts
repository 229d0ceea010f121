/**
 * Encodes the arguments of a call in Slack's format: a form in which objects and arrays are JSON. Values that are
 * undefined or null are omitted.
 *
 * @throws TypeError - a form cannot contain the argument. Files are not arguments: upload them with
 * `files.getUploadURLExternal`.
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
        throw new TypeError(`${name}: a file cannot be an argument; upload it with files.getUploadURLExternal`);
      }
      const json = JSON.stringify(value) as string | undefined;
      if (json !== undefined) return json;
      break;
    }
  }
  throw new TypeError(
    `${name}: a value of type ${typeof value} cannot be sent (for example "text", 7, true or an object)`,
  );
}

function isBinary(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob || 'pipe' in value;
}

/** Encodes as UTF-8. Converts a lone surrogate to U+FFFD, because UTF-8 cannot represent it. */
function encode(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}
