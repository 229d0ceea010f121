import type { QueueBackend } from '@slack-mcp/core';
import { describe, expect, test, vi } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { createAdmissionControl } from '../../src/ingress/admission.ts';
import { errorOf, memoryBackend, startIngress } from '../support/ingress-server.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

const MIB = 2 ** 20;

/** An event of `size` bytes. */
function event(id: string, size: number): string {
  const frame = JSON.stringify({ type: 'event_callback', event_id: id, event: { type: 'message', text: '' } });
  return frame.replace('"text":""', `"text":"${'x'.repeat(size - frame.length)}"`);
}

describe('bytes at work', () => {
  test('beyond the limit are refused at once, and room comes back', async () => {
    const gate = Promise.withResolvers<void>();
    const publish: QueueBackend['publish'] = () => gate.promise;
    const { post, ingress, results } = await startIngress({ publish }, { maxInFlightBytes: 10 * MIB });
    const send = (id: string, size: number) => {
      const body = event(id, size);
      return post('/slack/events', body, signedHeaders(body));
    };
    const held = [send('a', 3 * MIB), send('b', 3 * MIB), send('c', 3 * MIB)];
    await vi.waitFor(() => expect(ingress.admission.inFlightBytes).toBe(9 * MIB), 20_000);

    const refused = await send('d', 3 * MIB);
    expect([refused.status, (await errorOf(refused))['code']]).toEqual([503, 'overloaded']);
    expect(refused.headers.get('x-slack-no-retry')).toBeNull();
    expect(ingress.admission.inFlightBytes).toBeLessThanOrEqual(10 * MIB);

    gate.resolve();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await vi.waitFor(() => expect(ingress.admission.inFlightBytes).toBe(0), 20_000);
    expect((await send('e', 3 * MIB)).status).toBe(200);
    expect(results).toEqual(['overloaded', 'published', 'published', 'published', 'published']);
  });

  test('never pass the limit, however many large bodies come at once, and memory stays flat', async () => {
    const publish: QueueBackend['publish'] = () => new Promise((resolve) => setTimeout(resolve, 20));
    const maxInFlightBytes = 16 * MIB;
    const { post, ingress } = await startIngress({ publish }, { maxInFlightBytes });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, ingress.admission.inFlightBytes);
    }, 1);
    const body = event('a', 2 * MIB);
    const headers = signedHeaders(body);
    const before = process.memoryUsage().rss;
    const statuses = new Set<number>();
    for (let round = 0; round < 5; round += 1) {
      const answers = Array.from({ length: 40 }, async () => {
        const response = await post('/slack/events', body, headers).catch(() => undefined);
        await response?.arrayBuffer().catch(() => undefined);
        return response?.status ?? 503;
      });
      for (const status of await Promise.all(answers)) statuses.add(status);
    }
    clearInterval(watch);
    expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
    expect(statuses).toContain(200);
    expect(most).toBeLessThanOrEqual(maxInFlightBytes);
    // The client's 40 copies are in this process too; 400 MiB were sent.
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
    await vi.waitFor(() => expect(ingress.admission.inFlightBytes).toBe(0), 20_000);
  });

  test('nine tenths refuse new requests, the last is for those that are being read', () => {
    const control = createAdmissionControl({ maxInFlight: 10, maxInFlightBytes: 100 });
    const first = control.admit();
    const second = control.admit();
    expect([first?.take(91), control.isFull, control.admit()]).toEqual([true, true, undefined]);
    expect([second?.take(10), second?.take(9)]).toEqual([false, true]);
    first?.release();
    expect([control.isFull, control.inFlight, control.inFlightBytes]).toEqual([false, 1, 9]);
  });
});

test('health and metrics tell of it', async () => {
  const gate = Promise.withResolvers<void>();
  const backend = memoryBackend();
  const held: QueueBackend = new Proxy(backend, {
    get: (target, name) => {
      if (name === 'publish') return () => gate.promise;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend: held, maxInFlightBytes: 1_000 });
  await server.start();
  const body = event('a', 950);
  const sent = fetch(`${server.address}/slack/events`, { method: 'POST', body, headers: signedHeaders(body) });
  const health = async () => (await fetch(`${server.address}/health`)).json() as Promise<Record<string, unknown>>;
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({
    status: 'degraded',
    components: { ingress: { status: 'degraded', detail: { inFlightBytes: 950 } } },
  });
  expect(await (await fetch(`${server.address}/metrics`)).text()).toMatch(/slack_mcp_ingress_in_flight_bytes 950/);
  gate.resolve();
  expect((await sent).status).toBe(200);
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({ status: 'up' });
  await server.close();
});
