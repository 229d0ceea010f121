import { type OpsKey, parseOpsKeys } from '@slack-mcp/core/ops';
import { CommandFailure } from '../command-failure.ts';
import { readerOf, type ServerCommand } from '../common-options.ts';

/** The operations API of one process. */
export interface OpsClient {
  readonly url: string;
  get<T>(path: string, query?: Readonly<Record<string, unknown>>): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
}

/** A refusal of the operations API. */
export class OpsRefusal extends CommandFailure {
  override readonly name = 'OpsRefusal';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message, 1);
    this.code = code;
  }
}

/** Milliseconds that the command waits for an answer. Pausing a group waits until no message is in flight. */
const TIMEOUT_MS = 60_000;

/**
 * Creates a client for each address in `--url`, with the first key in `SLACK_MCP_OPS_KEY` that may operate, or
 * else the first key.
 *
 * @throws ConfigurationError - there is no key, or an address is not a URL
 */
export function opsClients(command: ServerCommand): readonly [OpsClient, ...OpsClient[]] {
  const reader = readerOf(command);
  const variable = reader.name('SLACK_MCP_OPS_URL');
  const keys = parseOpsKeys(reader.env.list('SLACK_MCP_OPS_KEY'));
  const key = keys.find(({ role }) => role === 'operate') ?? keys[0];
  if (key === undefined) throw reader.error('SLACK_MCP_OPS_KEY', 'is not set: set the key of the server or worker');
  const [first, ...others] = reader.env.list(variable, { default: ['http://127.0.0.1:3000'] }).map((url) => {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw reader.error(variable, 'contains an address that is not an http URL');
    return createClient(url.replace(/\/+$/, ''), key);
  });
  return [first as OpsClient, ...others];
}

function createClient(url: string, { token }: OpsKey): OpsClient {
  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    const headers = { authorization: `Bearer ${token}`, ...(init.body ? { 'content-type': 'application/json' } : {}) };
    const response = await fetch(`${url}/ops${path}`, {
      ...init,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: Error) => {
      throw new CommandFailure(`${url} does not answer (${reasonOf(error)}): check the address and the port`, 1);
    });
    const body = (await response.json().catch(() => undefined)) as Answer | undefined;
    if (response.ok && body !== undefined) return body as T;
    if (body?.error?.component === 'ops') throw new OpsRefusal(`${url}: ${body.error.message}`, body.error.code);
    throw new CommandFailure(
      `${url} has no operations API (status ${response.status}): start it with SLACK_MCP_OPS_KEY, or check the address`,
      1,
    );
  }

  return {
    url,
    get: (path, query = {}) => {
      const given = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) {
        for (const one of [value].flat()) if (one !== undefined) given.append(name, String(one));
      }
      return ask(given.size === 0 ? path : `${path}?${given}`, {});
    },
    post: (path, body) => ask(path, { method: 'POST', ...(body && { body: JSON.stringify(body) }) }),
  };
}

interface Answer {
  readonly error?: { readonly code: string; readonly message: string; readonly component: string };
}

function reasonOf({ cause, name }: Error): string {
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? message ?? name;
}
