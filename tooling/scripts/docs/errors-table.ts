import { markdownTable } from '../../../packages/core/src/config/env-table.ts';
import type { HttpError } from '../../../packages/server/src/http/http-errors.ts';

/** A Markdown table of error codes. */
export function errorsTable(errors: Readonly<Record<string, HttpError>>): string {
  const rows = Object.entries(errors)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { status, components, meaning }]) => [`\`${code}\``, String(status), components.join(', '), meaning]);
  return markdownTable([['Code', 'Status', 'Component', 'Meaning'], ...rows]);
}
