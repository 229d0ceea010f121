import { randomUUID } from 'node:crypto';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { AuthenticationError, ConfigurationError, type QueueBackend } from '@slack-mcp/core';
import { createSimulator, SIMULATOR_IDS, type Simulator } from '@slack-mcp/simulator';
import type { WorkerModule } from '@slack-mcp/slack';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createIntegratedServer,
  createMcpHttpServer,
  createWebhookServer,
  type IntegratedServerOptions,
  type RunningServer,
} from '../../src/index.ts';
import { errorOf, memoryBackend, recordingLogger } from '../support/ingress-server.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';
import { TOOL_NAMES } from '../support/tool-names.ts';
import worker from '../support/worker-replies.ts';

async function workspace(): Promise<Simulator> {
  const simulator = await createSimulator({ signingSecret: SECRET, timeScale: 60 });
  onTestFinished(() => simulator.close());
  return simulator;
}

async function started<T extends RunningServer>(server: T): Promise<T> {
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  return server;
}

async function integrated(options: Partial<IntegratedServerOptions> = {}) {
  const simulator = await workspace();
  const server = await started(
    createIntegratedServer({
      token: 'xoxb-simulator',
      apiUrl: simulator.url,
      signingSecret: SECRET,
      port: 0,
      backend: memoryBackend(),
      ...options,
    }),
  );
  return { simulator, server };
}

describe('the integrated server', () => {
  test('passes a mention from Slack through queue and worker to an answer, and also serves an MCP client', async () => {
    const { simulator, server } = await integrated({ worker });
    await simulator.setEventsUrl(`${server.address}/slack/events`, { verify: true });
    const channel = SIMULATOR_IDS.channel;
    const { ts } = await simulator.postMessage('alice', channel, `<@${SIMULATOR_IDS.botUser}> hello`);
    await vi.waitFor(async () => {
      const answers = (await simulator.messages(channel)).filter((message) => message.text === 'At your service.');
      expect(answers).toHaveLength(1);
      expect(answers[0]).toMatchObject({ thread_ts: ts });
    }, 20_000);

    const client = new Client({ name: 'test', version: '1' });
    onTestFinished(() => client.close());
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.address}/mcp`)) as unknown as Transport);
    expect((await client.listTools()).tools).toHaveLength(TOOL_NAMES.length);
    const result = await client.callTool({ name: 'slack_post_message', arguments: { channel, text: 'from a client' } });
    expect(result.isError).toBeUndefined();
    expect((await simulator.messages(channel)).at(-1)?.text).toBe('from a client');

    const metrics = await (await fetch(`${server.address}/metrics`)).text();
    expect(metrics).toMatch(/slack_mcp_ingress_requests_total\{result="challenge"\} 1/);
    expect(metrics).toMatch(/slack_mcp_tool_call_seconds_count\{tool="slack_post_message",outcome="ok"\} 1/);
    expect(metrics).toMatch(/slack_mcp_sessions 1/);
    const health = await (await fetch(`${server.address}/health`)).json();
    expect(health).toMatchObject({
      status: 'up',
      components: {
        queue_backend: { status: 'up' },
        worker: { status: 'up' },
        webhook_server: { status: 'up' },
        slack_client: { status: 'up' },
        mcp_server: { status: 'up', detail: { tools: TOOL_NAMES.length } },
      },
    });
  });

  test('serves the tools over plain REST', async () => {
    const { simulator, server } = await integrated();
    const { tools } = (await (await fetch(`${server.address}/list_tools`)).json()) as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toContain('slack_post_message');

    const call = (body: unknown) =>
      fetch(`${server.address}/call_tool`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const args = { channel: SIMULATOR_IDS.channel, text: 'by REST' };
    const posted = await call({ name: 'slack_post_message', arguments: args });
    expect(posted.status).toBe(200);
    expect(await posted.json()).toHaveProperty('structuredContent');
    expect((await simulator.messages(args.channel)).at(-1)?.text).toBe('by REST');

    const failures: [unknown, number, string][] = [
      [{ name: 'slack_post_message', arguments: { channel: 5 } }, 400, 'invalid_arguments'],
      [{ name: 'slack_post_message', arguments: { ...args, channel: '#nowhere' } }, 404, 'unknown_channel'],
      [{ name: 'slack_post_message', arguments: { ...args, channel: 'C0000000000' } }, 422, 'slack_error'],
      [{ name: 'slack_explode', arguments: {} }, 404, 'unknown_tool'],
      [{ name: '__proto__' }, 404, 'unknown_tool'],
      [{ name: 5 }, 400, 'bad_request'],
      [null, 400, 'bad_request'],
      ['slack_post_message', 400, 'bad_request'],
    ];
    for (const [body, status, code] of failures) {
      const response = await call(body);
      expect([body, response.status]).toEqual([body, status]);
      expect(await errorOf(response)).toMatchObject({ code, component: 'tools' });
    }
  });

  test('requires the token on every route to the tools, and on no other', async () => {
    const { server } = await integrated({ auth: { keys: ['the-right-token'] } });
    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.address}${path}`, { headers });
    for (const path of ['/list_tools', '/mcp', '/mcp/sse', '/']) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
        const response = await get(path, headers as Record<string, string>);
        expect([path, response.status]).toEqual([path, 401]);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
    expect((await fetch(`${server.address}/call_tool`, { method: 'POST' })).status).toBe(401);
    expect((await get('/list_tools', { authorization: 'Bearer the-right-token' })).status).toBe(200);
    for (const path of ['/health', '/healthz', '/readyz', '/metrics']) expect((await get(path)).status).toBe(200);
  });

  test('rejects pages of other origins', async () => {
    const { server } = await integrated();
    const response = await fetch(`${server.address}/list_tools`, { headers: { origin: 'https://evil.example' } });
    expect([response.status, (await errorOf(response))['code']]).toEqual([403, 'origin_not_allowed']);
  });

  test('does not start on a network without authorization', () => {
    const options = { signingSecret: SECRET, host: '0.0.0.0', port: 0 };
    expect(() => createIntegratedServer(options)).toThrow(ConfigurationError);
    expect(() => createMcpHttpServer(options)).toThrow(/set auth/);
    expect(() => createIntegratedServer({ ...options, auth: { keys: ['x'] } })).not.toThrow();
    expect(() => createWebhookServer(options)).not.toThrow();
  });

  test('closes what it opened, the backend last, but not a backend that was passed in', async () => {
    const passed = memoryBackend();
    const { server } = await integrated({ backend: passed });
    await Promise.all([server.close(), server.close()]);
    await expect(fetch(server.address)).rejects.toThrow();
    expect((await passed.health()).status).toBe('up');

    const loaded = new MemoryBackend({ name: randomUUID() });
    const seen: string[] = [];
    const worker: WorkerModule = () => ({
      close: async () => {
        seen.push((await loaded.health()).status);
      },
    });
    await (await integrated({ backend: async () => loaded, worker })).server.close();
    expect(seen).toEqual(['up']);
    await expect(loaded.publish('slack_events', {})).rejects.toThrow(/closed/i);
  });

  test('closes despite open streams of MCP clients', async () => {
    const { server } = await integrated();
    for (const transport of [
      new StreamableHTTPClientTransport(new URL(`${server.address}/mcp`)),
      new SSEClientTransport(new URL(`${server.address}/mcp/sse`)),
    ]) {
      const client = new Client({ name: 'test', version: '1' });
      onTestFinished(() => client.close());
      await client.connect(transport as unknown as Transport);
      expect((await client.listTools()).tools).toHaveLength(TOOL_NAMES.length);
    }
    const started = performance.now();
    await server.close({ drainTimeoutMs: 30_000 });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('reports a worker that cannot continue, also in the health', async () => {
    const gone = Promise.withResolvers<void>();
    const { server } = await integrated({ worker: () => ({ closed: gone.promise, close: async () => {} }) });
    gone.reject(new Error('the group is gone'));
    await expect(server.closed).rejects.toThrow('the group is gone');
    expect((await fetch(`${server.address}/readyz`)).status).toBe(503);
  });

  test('is not delayed by a worker that waits for its broker, and reports it as down until it has started', async () => {
    const started = Promise.withResolvers<{ close(): Promise<void> }>();
    const { server } = await integrated({ worker: () => started.promise });
    expect((await fetch(`${server.address}/readyz`)).status).toBe(503);
    started.resolve({ close: async () => {} });
    await expect.poll(async () => (await fetch(`${server.address}/readyz`)).status, { timeout: 10_000 }).toBe(200);
  });

  test('does not start if the worker does not start', async () => {
    await expect(integrated({ worker: () => Promise.reject(new Error('no such group')) })).rejects.toThrow(
      'no such group',
    );
  });

  test('warns about a queue without consumers', async () => {
    const logger = recordingLogger();
    await integrated({ logger });
    expect(logger.lines.join('\n')).toMatch(/queue_has_no_reader/);
  });
});

describe('a backend', () => {
  /** A memory backend that is unavailable, or refuses. */
  function unwilling(ready: () => Promise<void>): { backend: QueueBackend; isClosed: () => boolean } {
    const memory = memoryBackend();
    let closed = false;
    const backend = new Proxy<QueueBackend>(memory, {
      get(target, name) {
        if (name === 'consume') {
          return (...args: Parameters<QueueBackend['consume']>) =>
            new Proxy(target.consume(...args), {
              get: (inner, key) => (key === 'ready' ? ready() : bound(inner, key)),
            });
        }
        if (name === 'health') return async () => ({ status: 'down', detail: {} });
        if (name === 'publish') return () => Promise.reject(new Error('away'));
        if (name === 'close') {
          closed = true;
          return async () => {};
        }
        return bound(target, name);
      },
    });
    return { backend, isClosed: () => closed };
  }

  function bound(target: object, name: string | symbol): unknown {
    const value = Reflect.get(target, name) as unknown;
    return typeof value === 'function' ? value.bind(target) : value;
  }

  test('that refuses the credentials prevents the start, and is closed', async () => {
    const { backend, isClosed } = unwilling(() => Promise.reject(new AuthenticationError('wrong password')));
    const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend: async () => backend });
    await expect(server.start()).rejects.toThrow('wrong password');
    expect(isClosed()).toBe(true);
  });

  test('that is unavailable: the server starts, answers 503 and is not ready', async () => {
    const { backend } = unwilling(() => new Promise(() => {}));
    const logger = recordingLogger();
    const server = await started(createWebhookServer({ signingSecret: SECRET, port: 0, backend, logger }));
    expect(logger.lines.join('\n')).toMatch(/queue_backend_unreachable/);
    const body = JSON.stringify({ type: 'event_callback', event: { type: 'message' } });
    const options = { method: 'POST', body, headers: signedHeaders(body) };
    expect((await fetch(`${server.address}/slack/events`, options)).status).toBe(503);
    expect((await fetch(`${server.address}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
  });
});
