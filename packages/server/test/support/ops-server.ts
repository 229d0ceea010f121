import { randomUUID } from 'node:crypto';
import type { QueueBackend } from '@slack-mcp/core';
import type { OpsKey } from '@slack-mcp/core/ops';
import type { WorkerModule } from '@slack-mcp/slack';
import { onTestFinished } from 'vitest';
import { createWebhookServer, type WebhookServerOptions } from '../../src/index.ts';
import { recordingLogger } from './ingress-server.ts';
import { SECRET, signedHeaders } from './signed.ts';

export const READ_KEY = 'a-key-that-may-only-read';
export const OPERATE_KEY = 'a-key-that-may-operate';
export const KEYS: readonly OpsKey[] = [
  { name: 'reader', role: 'read', token: READ_KEY },
  { name: 'operator', role: 'operate', token: OPERATE_KEY },
];

export interface OpsServer {
  readonly url: string;
  readonly log: string[];
  /** Sends an event from Slack, and returns its id. */
  event(fields?: object): Promise<string>;
  /** Asks the operations API with the key that may operate, unless another is given. */
  get(path: string, key?: string): Promise<Response>;
  post(path: string, body?: unknown, key?: string): Promise<Response>;
  close(): Promise<void>;
}

/** A server with the operations API and a worker. */
export async function startOpsServer(
  backend: QueueBackend,
  worker?: WorkerModule,
  options: Partial<WebhookServerOptions> = {},
): Promise<OpsServer> {
  const logger = recordingLogger();
  const server = createWebhookServer({
    port: 0,
    signingSecret: SECRET,
    backend,
    logger,
    ops: { keys: KEYS },
    ...(worker && { worker }),
    ...options,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 2_000 }));
  await server.start();
  const url = server.address;
  return {
    url,
    log: logger.lines,
    close: () => server.close(),
    async event(fields = {}) {
      const eventId = `Ev${randomUUID().replaceAll('-', '').toUpperCase()}`;
      const event = {
        type: 'app_mention',
        channel: 'C0123456789',
        user: 'U0123456789',
        text: 'a private text',
        ...fields,
      };
      const body = JSON.stringify({ type: 'event_callback', api_app_id: 'A0123456789', event_id: eventId, event });
      const response = await fetch(`${url}/slack/events`, { method: 'POST', body, headers: signedHeaders(body) });
      if (response.status !== 200) throw new Error(`the server answered ${response.status}`);
      return eventId;
    },
    get: (path, key = OPERATE_KEY) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } }),
    post: (path, body = {}, key = OPERATE_KEY) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}
