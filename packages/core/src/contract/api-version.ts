/** The version of the contract between this package and backends. */
export const API_VERSION = 1;

/**
 * Returns why this package cannot use a backend with this API version, and what to do. Returns `undefined` if the
 * package can use the backend.
 */
export function apiVersionProblem(apiVersion: unknown, subject = 'it'): string | undefined {
  if (apiVersion === API_VERSION) return undefined;
  if (typeof apiVersion !== 'number') return `its apiVersion is not ${API_VERSION}`;
  const remedy = apiVersion > API_VERSION ? NEWER_REMEDY : 'update the backend';
  return `${subject} needs version ${apiVersion} of the backend API, but this @slack-mcp/core has version ${API_VERSION}: ${remedy}`;
}

/** What to do about a backend for a newer contract. */
export const NEWER_REMEDY =
  'update the @slack-mcp packages of the application, or install an older version of the backend';
