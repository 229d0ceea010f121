import type { IncomingHttpHeaders } from 'node:http';
import type { Narrowing } from '../tools/narrowing.ts';

/** The headers with which a request narrows the server's selection of tools. */
export const NARROWING_HEADERS = {
  toolsets: 'x-mcp-toolsets',
  tools: 'x-mcp-tools',
  excludeTools: 'x-mcp-exclude-tools',
  readOnly: 'x-mcp-readonly',
} as const;

/** Reads the narrowing headers of a request. Returns undefined if the request has none. */
export function narrowingOf(headers: IncomingHttpHeaders): Narrowing | undefined {
  const toolsets = namesIn(headers[NARROWING_HEADERS.toolsets]);
  const tools = namesIn(headers[NARROWING_HEADERS.tools]);
  const excludeTools = namesIn(headers[NARROWING_HEADERS.excludeTools]);
  const readOnly = headers[NARROWING_HEADERS.readOnly];
  if ([toolsets, tools, excludeTools, readOnly].every((value) => value === undefined)) return undefined;
  return {
    ...(toolsets && { toolsets }),
    ...(tools && { tools }),
    ...(excludeTools && { excludeTools }),
    // Any other value than these narrows, so that a mistake never allows a tool that writes.
    readOnly: readOnly !== undefined && !['false', '0', 'off', 'no'].includes(String(readOnly).trim().toLowerCase()),
  };
}

/** The names in a header; undefined for a missing or empty header. */
function namesIn(value: string | string[] | undefined): readonly string[] | undefined {
  const names = [value ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? undefined : names;
}
