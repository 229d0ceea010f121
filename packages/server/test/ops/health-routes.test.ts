import Fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HealthRoutesOptions, healthRoutes } from '../../src/ops/health-routes.ts';
import { memoryBackend, take } from '../support/ingress-server.ts';

async function start(options: Partial<HealthRoutesOptions>) {
  const app = Fastify();
  await app.register(healthRoutes, { components: {}, isClosing: () => false, ...options });
  onTestFinished(() => app.close());
  return async (url: string) => {
    const response = await app.inject(url);
    return [response.statusCode, response.json()] as [number, Record<string, unknown>];
  };
}

describe('health', () => {
  test('queries the backend and changes nothing in it', async () => {
    const backend = memoryBackend();
    await backend.publish('slack_events', { n: 1 }, { messageId: 'only' });
    const before = await backend.health();
    const get = await start({ components: { backend: () => backend.health() } });
    for (const path of ['/health', '/healthz', '/readyz', '/health']) expect((await get(path))[0]).toBe(200);
    expect((await backend.health()).detail).toEqual(before.detail);
    expect((await take(backend, 1)).map(({ metadata }) => metadata.messageId)).toEqual(['only']);
  });

  test.each([
    [['up', 'up'], 200, 'up', 200],
    [['up', 'degraded'], 200, 'degraded', 200],
    [['down', 'degraded'], 503, 'down', 503],
    [[], 200, 'up', 200],
  ] as const)('combines components that are %j', async (states, status, overall, readyStatus) => {
    const components = Object.fromEntries(states.map((state, index) => [`part${index}`, () => ({ status: state })]));
    const get = await start({ components });
    const [code, report] = await get('/health');
    expect([code, report['status']]).toEqual([status, overall]);
    expect(Object.keys(report['components'] as object)).toEqual(Object.keys(components));
    expect((await get('/readyz'))[0]).toBe(readyStatus);
    expect(await get('/healthz')).toEqual([200, { status: 'up' }]);
  });

  test('reports a component that hangs or throws as down, and still reports the others', async () => {
    const get = await start({
      timeoutMs: 20,
      components: {
        hangs: () => new Promise(() => {}),
        throws: () => {
          throw new Error('redis://user:secret@host');
        },
        works: () => ({ status: 'up' }),
      },
    });
    const [status, report] = await get('/health');
    expect(status).toBe(503);
    expect(report['components']).toMatchObject({
      hangs: { status: 'down' },
      throws: { status: 'down' },
      works: { status: 'up' },
    });
    expect(JSON.stringify(report)).not.toMatch(/secret/);
  });

  test('reports a closed backend as not ready', async () => {
    const backend = memoryBackend();
    await backend.close();
    const get = await start({ components: { backend: () => backend.health() } });
    expect(await get('/readyz')).toEqual([503, { status: 'not_ready' }]);
  });

  test('reports a server that is shutting down as alive and not ready', async () => {
    const get = await start({ isClosing: () => true });
    expect((await get('/readyz'))[0]).toBe(503);
    expect((await get('/healthz'))[0]).toBe(200);
  });
});
