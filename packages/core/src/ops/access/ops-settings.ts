import type { EnvReader } from '../../config/env.ts';
import type { EnvVar } from '../../contract/plugin.ts';
import { type OpsKey, parseOpsKeys } from './ops-keys.ts';

/** The variables of the operations API, which servers and workers share. */
export const OPS_ENV: readonly EnvVar[] = [
  {
    name: 'SLACK_MCP_OPS_KEY',
    description:
      'Key for the operations API at `/ops`. Without a key, the API is off. A key needs at least 16 characters. Separate several keys with commas. A key in the form `name:read=key` may only read, without payloads; `name:operate=key` and a plain key may also see payloads and make changes, for example redrive dead letters or pause a group.',
    example: 'ci:read=3f9c…',
    secret: true,
  },
  {
    name: 'SLACK_MCP_OPS_PORT',
    description:
      'Separate port for the operations API. 0: any free port. By default, a server serves the API on its own port, and a worker does not serve it.',
    example: '9091',
  },
  {
    name: 'SLACK_MCP_OPS_HOST',
    description: 'Address of `SLACK_MCP_OPS_PORT`.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  },
  {
    name: 'SLACK_MCP_OPS_CONSOLE',
    description:
      'Serves the console at `/console`, next to the operations API. The console shows the data of the operations API in a browser, and asks for one of the keys in `SLACK_MCP_OPS_KEY`.',
    example: 'true',
    default: 'false',
  },
];

/** How a process serves the operations API. */
export interface OpsSettings {
  readonly keys: readonly OpsKey[];
  /** The API's own address; absent to use the port of the server. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Whether to serve the console at `/console`. Default false. */
  readonly console?: boolean;
}

/** Options of {@link readOpsSettings}. */
export interface ReadOpsOptions {
  /** Whether a key is a placeholder from the documentation, which anyone can guess. */
  readonly isPlaceholder: (key: string) => boolean;
  /** Returns the name under which to read a variable, such as its flag. Default: the variable. */
  readonly nameOf?: (variable: string) => string;
}

/**
 * Reads how a process serves the operations API.
 *
 * @returns undefined if the API is off
 * @throws ConfigurationError - a key or the port is not valid, or there is a port or the console but no key; the message shows no key
 */
export function readOpsSettings(
  env: EnvReader,
  { isPlaceholder, nameOf = (variable) => variable }: ReadOpsOptions,
): OpsSettings | undefined {
  const [keyName, portName, hostName, consoleName] = OPS_ENV.map(({ name }) => nameOf(name));
  const port = env.integer(portName as string, { max: 65_535 });
  const host = env.string(hostName as string) ?? '127.0.0.1';
  const console = env.boolean(consoleName as string, { default: false });
  const keys = parseOpsKeys(env.list(keyName as string));
  if (keys.some(({ token }) => isPlaceholder(token))) {
    throw env.error(keyName as string, 'contains a placeholder, which anyone can guess: use openssl rand -hex 32');
  }
  if (keys.length > 0) return { keys, console, ...(port !== undefined && { listen: { host, port } }) };
  if (port === undefined && !console) return undefined;
  throw env.error(
    (port === undefined ? consoleName : portName) as string,
    'has no effect without SLACK_MCP_OPS_KEY: set both',
  );
}
