import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../contract/errors.ts';
import { isJsonObject, type JsonObject } from '../contract/json.ts';

/** A parsed `package.json` with unchecked content: validate every field before use. */
export interface Manifest {
  readonly path: string;
  readonly content: JsonObject;
}

/**
 * Reads the `package.json` of a folder. Returns `undefined` if the file does not exist.
 *
 * @throws ConfigurationError - the file does not contain a JSON object
 */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, 'package.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const content = parse(text.replace(/^\uFEFF/, ''));
  if (!isJsonObject(content)) throw new ConfigurationError(`${path} does not contain a JSON object: repair the file`);
  return { path, content };
}

/** Finds the nearest `package.json` with a name or dependencies, in a folder or above it. */
export function enclosingManifest(folder: string): Manifest | undefined {
  const manifest = readManifest(folder);
  if (manifest && ('name' in manifest.content || 'dependencies' in manifest.content)) return manifest;
  const parent = dirname(folder);
  return parent === folder ? undefined : enclosingManifest(parent);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
