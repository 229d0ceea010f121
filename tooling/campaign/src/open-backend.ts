import { type BackendPlugin, type Logger, type LogMethod, loadBackend, type QueueBackend } from '@slack-mcp/core';

/** Creates a backend as a program does: from its plugin manifest and the environment. */
export async function openBackend({
  module,
  env,
}: {
  module: string;
  env: Readonly<Record<string, string>>;
}): Promise<QueueBackend> {
  const { default: plugin } = (await import(/* @vite-ignore */ module)) as { default: BackendPlugin };
  return (await loadBackend({ plugin, env, logger })).backend;
}

/** Writes one line per entry, from info up, to standard error, which goes to a file next to the journals. */
const logger: Logger = { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };

function write(level: string): LogMethod {
  return (fields: object | string, event?: string) => {
    const entry = typeof fields === 'string' ? { event: fields } : { event, ...fields };
    process.stderr.write(`${JSON.stringify({ at: Date.now(), level, ...entry }, readable)}\n`);
  };
}

function readable(_: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
