import { randomUUID } from 'node:crypto';
import { MemoryBackend, type MemoryBackendOptions } from '@slack-mcp/backend-memory';
import { type Logger, type QueueBackend, type QueueMessage, readKeySettings } from '@slack-mcp/core';
import { createSlackEgress } from '@slack-mcp/slack';
import { onTestFinished } from 'vitest';
import { createHttpApp } from '../../src/http/http-app.ts';
import { createIngress, type Ingress, type IngressOptions, type IngressResult } from '../../src/ingress/ingress.ts';
import { slackRoutes } from '../../src/ingress/slack-routes.ts';
import { SECRET } from './signed.ts';

/** A log that records its lines. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (fields: object | string, message?: string) => {
    lines.push(`${level} ${JSON.stringify({ ...(typeof fields === 'string' ? { fields } : fields), message })}`);
  };
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A separate memory backend with one group that receives everything from the first event. */
export function memoryBackend(options: MemoryBackendOptions = {}): MemoryBackend {
  const backend = new MemoryBackend({ name: randomUUID(), groups: ['workers'], ...options });
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  return backend;
}

/** The next `count` messages of the group `workers`. */
export async function take(backend: QueueBackend, count: number, keys?: string[]): Promise<QueueMessage[]> {
  const messages: QueueMessage[] = [];
  const subscription = backend.consume({ group: 'workers', ...(keys === undefined ? {} : { keys }) });
  for await (const message of subscription) {
    messages.push(message);
    await message.ack();
    if (messages.length === count) break;
  }
  return messages;
}

export interface IngressServer {
  readonly url: string;
  readonly ingress: Ingress;
  readonly results: IngressResult[];
  readonly log: string[];
  post(path: string, body: string | Buffer<ArrayBuffer>, headers?: Record<string, string>): Promise<Response>;
}

/** The ingress behind a real HTTP server. */
export async function startIngress(
  backend: Pick<QueueBackend, 'publish'>,
  options: Partial<IngressOptions> & { env?: Record<string, string> } = {},
): Promise<IngressServer> {
  const { env = {}, ...rest } = options;
  const results: IngressResult[] = [];
  const logger = recordingLogger();
  const ingress = createIngress({
    backend,
    signingSecrets: [{ secret: SECRET }],
    keys: readKeySettings(env),
    logger,
    egress: createSlackEgress({ apiUrl: 'http://127.0.0.1:1/api/' }),
    observer: { result: (result) => results.push(result), publish: () => {} },
    ...rest,
  });
  const { app } = createHttpApp({ logger });
  await app.register(slackRoutes, { ingress });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  return {
    url,
    ingress,
    results,
    log: logger.lines,
    post: (path, body, headers = {}) => fetch(`${url}${path}`, { method: 'POST', body: body, headers }),
  };
}

/** The content of an error response. */
export async function errorOf(response: Response): Promise<Record<string, unknown>> {
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  return error;
}
