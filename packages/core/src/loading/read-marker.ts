import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { AVAILABLE_BACKENDS, isBackendName, packageOf } from './backend-name.ts';

/** The field `slack-mcp` of a package, or the reason why it does not mark a backend. */
export type Marker =
  | { readonly name: string; readonly apiVersion: unknown }
  | { readonly problem: string; readonly claimed?: string };

/**
 * Reads the field `slack-mcp` of a `package.json`. Returns `undefined` if the package has no such field.
 *
 * @param packageName - the name by which the application depends on the package
 */
export function readMarker(content: JsonObject, packageName: string): Marker | undefined {
  const marker = content['slack-mcp'];
  if (marker === undefined) return undefined;
  if (!isJsonObject(marker)) return { problem: 'the field slack-mcp in its package.json is not an object' };
  const { queueBackend: name, apiVersion } = marker;
  if (name === undefined) return { problem: 'the field slack-mcp in its package.json has no queueBackend' };
  if (typeof name !== 'string') return { problem: 'slack-mcp.queueBackend in its package.json is not a string' };
  if (!isBackendName(name)) {
    const problem = `slack-mcp.queueBackend in its package.json is not a valid backend name: ${JSON.stringify(String(name).slice(0, 40))}`;
    return { problem, claimed: String(name).toLowerCase() };
  }
  // An application may install a fork under the name of our package.
  if (AVAILABLE_BACKENDS.includes(name) && ![packageName, content['name']].includes(packageOf(name))) {
    return { problem: `it has the name ${name}, which belongs to ${packageOf(name)}`, claimed: name };
  }
  return { name, apiVersion };
}
