import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { application, fixture, guised } from './support/application.ts';
import { type Child, start } from './support/child.ts';
import { hostedCommand } from './support/command.ts';
import { serve } from './support/http.ts';

const command = (args: string[], env: object = {}): Child =>
  start('src/bin/slack-mcp-consumer.ts', args, { cwd: application(guised), env });

const hosted = hostedCommand();

/** The address of the health endpoints, from the log. */
async function addressOf(child: Child): Promise<string> {
  await child.printed('health_listening');
  return /"address":"(http:[^"]+)"/.exec(child.errors())?.[1] as string;
}

async function worker(env: object = {}): Promise<{ child: Child; address: string }> {
  const child = command(['--handlers', fixture('worker.ts'), '--health-port', '0'], env);
  return { child, address: await addressOf(child) };
}

describe('the health endpoints of a worker', () => {
  test('report the components and the metrics on loopback, and end with the worker', async () => {
    const slack = await serve();
    const { child, address } = await worker({ SLACK_BOT_TOKEN: 'xoxb-secret-1', SLACK_API_URL: slack.url });
    await child.printed('event_handled');
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const get = (path: string): Promise<Response> => fetch(`${address}${path}`);

    expect([(await get('/healthz')).status, (await get('/readyz')).status]).toEqual([200, 200]);
    const health = await get('/health');
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({
      status: 'up',
      components: {
        queue_backend: expect.objectContaining({ status: 'up' }),
        worker: expect.objectContaining({ status: 'up' }),
        slack_client: { status: 'up' },
      },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });

    const scrape = await get('/metrics');
    expect(scrape.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await scrape.text();
    for (const line of [
      'slack_mcp_consumer_handle_seconds_count{group="own",outcome="ack"} 1',
      'slack_mcp_consumer_wait_seconds_count{group="own"} 1',
      'slack_mcp_slack_call_seconds_count{method="chat.postMessage",outcome="ok"} 1',
      'slack_mcp_queue_up{backend="network"} 1',
      'slack_mcp_queue_lag{key="slack_events",group="own"} 0',
      'slack_mcp_queue_dead_letters{key="slack_events",group="own"} 0',
      'slack_mcp_worker_running 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(text).not.toMatch(/xoxb|private/);

    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
    await expect(get('/healthz')).rejects.toThrow();
  });

  test('answer other paths and methods with the error format', async () => {
    const { address } = await worker();
    const missing = await fetch(`${address}/nothing`);
    expect([missing.status, await missing.json()]).toEqual([
      404,
      {
        error: {
          code: 'not_found',
          message: 'Use /healthz, /readyz, /health or /metrics.',
          component: 'http',
          details: {},
          correlation_id: missing.headers.get('x-correlation-id'),
        },
      },
    ]);
    const posted = await fetch(`${address}/health`, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await fetch(`${address}/readyz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('report a worker that is starting as alive and not ready', async () => {
    const child = command(['--handlers', fixture('endless-start-worker.ts'), '--health-port', '0']);
    const address = await addressOf(child);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    expect(await (await fetch(`${address}/health`)).json()).toMatchObject({
      status: 'down',
      components: { worker: { status: 'down', detail: { state: 'starting' } } },
    });
  });

  test('end a connection on which no request arrives when the worker stops', async () => {
    const { child, address } = await worker();
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\n');
    socket.on('error', () => {});
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
  });

  test('are off by default, and can be set by the environment', async () => {
    const silent = command(['--handlers', fixture('worker.ts')]);
    await silent.printed('consumer_ready');
    expect(silent.errors()).not.toContain('health_listening');
    const child = command(['--handlers', fixture('worker.ts')], { HEALTH_PORT: '0' });
    expect((await fetch(`${await addressOf(child)}/healthz`)).status).toBe(200);
  });

  test('serve metrics on a network only with a key, and probes without one', async () => {
    const scrape = async (address: string, key?: string) => {
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const response = await fetch(`${address}/metrics`, { headers });
      return [response.status, /"code":"(\w+)"/.exec(await response.text())?.[1]];
    };
    const key = 'scrape-key-of-a-test';
    const open = await worker({ HEALTH_HOST: '0.0.0.0' });
    expect(await scrape(open.address, key)).toEqual([403, 'metrics_closed']);
    expect((await fetch(`${open.address}/healthz`)).status).toBe(200);
    const keyed = await worker({ HEALTH_HOST: '0.0.0.0', SLACK_MCP_METRICS_KEY: key });
    expect(await scrape(keyed.address)).toEqual([401, 'unauthorized']);
    expect(await scrape(keyed.address, key)).toEqual([200, undefined]);
    expect(keyed.child.errors()).not.toContain(key);
  });

  test('reject a key that can be guessed', async () => {
    const child = command(['--handlers', fixture('worker.ts'), '--health-port', '0'], {
      SLACK_MCP_METRICS_KEY: 'short',
    });
    await expect(child.ended).resolves.toBe(2);
    expect(child.errors().trim().split('\n').at(-1)).toMatch(
      /SLACK_MCP_METRICS_KEY contains a key of fewer than 16 char/,
    );
  });

  test('end the worker with an explanation if the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const child = command(['--handlers', fixture('worker.ts'), '--health-port', String(port)]);
    await expect(child.ended).resolves.toBe(1);
    expect(child.errors().trim().split('\n').at(-1)).toBe(
      `slack-mcp-consumer: port ${port} on 127.0.0.1 is already in use: choose another port with --health-port (0: any free port)`,
    );
  });

  test.each([
    [['--health-port', '70000'], '--health-port is not an integer from 0 to 65535: "70000"'],
    [['--health-port', 'x'], '--health-port is not an integer from 0 to 65535: "x"'],
    [['--health-port', '0', '--health-host', 'no.such.host.invalid'], 'no.such.host.invalid is not an address'],
  ])('reject %j', async (flags, message) => {
    const { code, errors } = await hosted(['--handlers', fixture('worker.ts'), ...flags], { cwd: application(guised) });
    expect(code).toBe(2);
    expect(errors.trim().split('\n').at(-1)).toContain(message);
  });
});

describe('the operations API of a worker', () => {
  const KEY = 'a-key-of-the-operations';

  test('is served with a key on its own port, and knows the attempts', async () => {
    const slack = await serve();
    const child = command(['--handlers', fixture('worker.ts'), '--ops-port', '0'], {
      SLACK_BOT_TOKEN: 'xoxb-secret-1',
      SLACK_API_URL: slack.url,
      SLACK_MCP_OPS_KEY: KEY,
      SLACK_MCP_OPS_CONSOLE: 'true',
    });
    await child.printed('event_handled');
    const [, address] = /"address":"([^"]+)","message":"ops_listening"/.exec(child.errors()) ?? [];
    const get = (path: string, key = KEY): Promise<Response> =>
      fetch(`${address}${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(await (await get('/ops/groups')).json()).toMatchObject({
      process: 'worker',
      groups: [{ group: 'own', consumers: 1, activity: { total: { handled: 1 } } }],
    });
    expect(await (await get('/ops/events')).json()).toMatchObject({
      events: [{ entries: [{ step: 'attempt' }, { step: 'handled' }] }],
    });
    expect([(await get('/ops/groups', 'another-key-of-16')).status, (await get('/ops/nothing')).status]).toEqual([
      401, 404,
    ]);
    expect(await (await fetch(`${address}/console`)).text()).toContain('<title>slack-mcp console</title>');
    expect(child.errors()).not.toContain(KEY);
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
  });

  test('needs a key that cannot be guessed', async () => {
    const cases: [Record<string, string>, RegExp][] = [
      [{}, /--ops-port has no effect without SLACK_MCP_OPS_KEY/],
      [{ SLACK_MCP_OPS_KEY: 'short' }, /fewer than 16 characters/],
      [{ SLACK_MCP_OPS_KEY: 'ci:write=a-key-of-the-operations' }, /unknown role/],
    ];
    for (const [env, problem] of cases) {
      const args = ['--handlers', fixture('worker.ts'), '--ops-port', '0'];
      const { code, errors } = await hosted(args, { cwd: application(guised), env });
      expect(code).toBe(2);
      expect(errors).toMatch(problem);
      expect(errors).not.toContain('a-key-of-the-operations');
    }
  });
});
