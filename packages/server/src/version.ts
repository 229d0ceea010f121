import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this package. */
export function packageVersion(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error('cannot find the package.json of @slack-mcp/server: reinstall the package');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
