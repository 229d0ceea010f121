import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { QueueBackend } from '@slack-mcp/core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createAdmissionControl } from '../../src/http/admission.ts';
import { createWebhookServer } from '../../src/index.ts';
import { errorOf, memoryBackend, startIngress } from '../support/ingress-server.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

const MIB = 2 ** 20;

/** An event of `size` bytes. */
function event(id: string, size: number): string {
  const frame = JSON.stringify({ type: 'event_callback', event_id: id, event: { type: 'message', text: '' } });
  return frame.replace('"text":""', `"text":"${'x'.repeat(size - frame.length)}"`);
}

describe('bytes in flight', () => {
  test('are rejected at once beyond the limit, and accepted again later', async () => {
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

  test('never exceed the limit under many concurrent large bodies, and memory stays flat', async () => {
    const publish: QueueBackend['publish'] = () => new Promise((resolve) => setTimeout(resolve, 20));
    const maxInFlightBytes = 16 * MIB;
    const { post, ingress } = await startIngress({ publish }, { maxInFlightBytes });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, ingress.admission.inFlightBytes + ingress.admission.arrivingBytes);
    }, 1);
    const body = Buffer.from(event('a', 2 * MIB));
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
    // The client's 40 copies are also in this process; 400 MiB were sent.
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
    await vi.waitFor(() => expect(ingress.admission.inFlightBytes).toBe(0), 20_000);
  });

  test('reject new requests at nine tenths of the limit and reserve the rest for bodies being read', () => {
    const control = createAdmissionControl({ maxInFlight: 10, maxInFlightBytes: 100 });
    const first = control.admit();
    const second = control.admit();
    expect([first?.take(91), control.isFull, first?.enter(), control.isFull]).toEqual([true, false, true, true]);
    expect([control.admit(), second?.take(10), second?.take(9)]).toEqual([undefined, false, true]);
    first?.release();
    first?.release();
    expect([control.isFull, control.inFlight, control.inFlightBytes, control.arrivingBytes]).toEqual([false, 0, 0, 9]);
  });

  test('make room for one large request by dropping as many small ones as it takes', () => {
    const control = createAdmissionControl({ maxInFlight: 100, maxInFlightBytes: 100 });
    const evicted: number[] = [];
    for (let index = 0; index < 10; index += 1) {
      const small = control.admit();
      if (small === undefined) throw new Error('not admitted');
      small.onEvicted = () => evicted.push(index);
      expect(small.take(9)).toBe(true);
    }
    expect([control.admit()?.take(60), control.arrivingBytes]).toEqual([true, 96]);
    expect(evicted).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('are of at most as many requests as may be in flight', () => {
    const control = createAdmissionControl({ maxInFlight: 2, maxInFlightBytes: 100 });
    const all = [control.admit(), control.admit(), control.admit()];
    expect(all.map((admission) => admission?.enter())).toEqual([true, true, false]);
    expect([control.inFlight, control.isFull, control.admit()]).toEqual([2, true, undefined]);
    all[0]?.release();
    expect([control.inFlight, all[2]?.enter()]).toEqual([1, true]);
  });

  test('make room for later requests by dropping unfinished ones, oldest first, but never for one that cannot fit', () => {
    const control = createAdmissionControl({ maxInFlight: 10, maxInFlightBytes: 100 });
    const evicted: string[] = [];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => {
      const admission = control.admit();
      return admission && Object.assign(admission, { onEvicted: () => evicted.push(name) });
    });
    expect([a?.take(40), b?.take(40), a?.take(10)]).toEqual([true, true, true]);
    expect([d?.take(101), evicted]).toEqual([false, []]);
    expect([c?.take(20), evicted]).toEqual([true, ['a']]);
    expect([a?.take(1), a?.enter()]).toEqual([false, false]);
    expect([b?.enter(), c?.take(41)]).toEqual([true, false]);
    expect([control.inFlightBytes, control.arrivingBytes, evicted]).toEqual([40, 20, ['a']]);
    b?.release();
    c?.release();
    expect([control.inFlightBytes, control.arrivingBytes]).toEqual([0, 0]);
  });
});

describe('unfinished requests', () => {
  /** Sends the head of a request and `bytes` of its body, and returns the response. */
  function begin(url: string, bytes: number): Promise<string> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    socket.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`);
    socket.write(`content-length: ${4 * MIB}\r\n\r\n${'x'.repeat(bytes)}`);
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    return new Promise((resolve) => socket.on('error', () => {}).once('close', () => resolve(received)));
  }

  test('release everything when their client leaves, before or after the last byte', async () => {
    const gate = Promise.withResolvers<void>();
    const { url, ingress } = await startIngress({ publish: () => gate.promise });
    const { hostname, port } = new URL(url);
    const body = event('a', 1_000);
    const headers = Object.entries({ ...signedHeaders(body), 'content-length': String(body.length) });
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    for (const sent of [body.slice(0, 500), body]) {
      const socket = connect(Number(port), hostname).on('error', () => {});
      socket.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\n${head}\r\n${sent}`);
      const { admission } = ingress;
      await vi.waitFor(() => expect(admission.arrivingBytes + admission.inFlightBytes).toBe(sent.length), 20_000);
      socket.destroy();
      await vi.waitFor(() => expect([admission.inFlight, admission.arrivingBytes]).toEqual([0, 0]), 20_000);
      expect(admission.inFlightBytes).toBe(0);
    }
    gate.resolve();
  });

  test('do not count as requests in flight', async () => {
    const { post, url, ingress } = await startIngress(memoryBackend(), { maxInFlight: 2 });
    for (let count = 0; count < 20; count += 1) void begin(url, 10);
    await vi.waitFor(() => expect(ingress.admission.arrivingBytes).toBe(200), 20_000);
    const body = event('a', 1_000);
    expect((await post('/slack/events', body, signedHeaders(body))).status).toBe(200);
  });

  test('release their bytes when others need the room', async () => {
    const { post, url, ingress } = await startIngress(memoryBackend(), { maxInFlightBytes: MIB });
    const first = begin(url, MIB / 2);
    await vi.waitFor(() => expect(ingress.admission.arrivingBytes).toBe(MIB / 2), 20_000);
    void begin(url, MIB / 2 - 500);
    await vi.waitFor(() => expect(ingress.admission.arrivingBytes).toBe(MIB - 500), 20_000);
    const body = event('a', 1_000);
    expect((await post('/slack/events', body, signedHeaders(body))).status).toBe(200);
    expect(await first).toMatch(/^HTTP\/1.1 503 [\s\S]*overloaded/);
    expect(ingress.admission.arrivingBytes).toBe(MIB / 2 - 500);
  });
});

test.each([
  ['announced', `content-length: ${6 * MIB}\r\n\r\n`, ''],
  ['not announced', `transfer-encoding: chunked\r\n\r\n${(6 * MIB).toString(16)}\r\n`, '\r\n0\r\n\r\n'],
])(
  'delivers the rejection of a body that is too large, %s, to a client that reads only after writing',
  async (_what, head, tail) => {
    const { url } = await startIngress(memoryBackend());
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    const write = promisify<string | Buffer, void>(socket.write.bind(socket) as never);
    await write(`POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${head}`);
    for (let written = 0; written < 6 * MIB; written += MIB / 16) await write(Buffer.alloc(MIB / 16));
    if (tail !== '') await write(tail);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/x-slack-no-retry: 1/);
  },
);

test('reports overload in health and metrics', async () => {
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
    components: { webhook_server: { status: 'degraded', detail: { inFlightBytes: 950 } } },
  });
  expect(await (await fetch(`${server.address}/metrics`)).text()).toMatch(/slack_mcp_ingress_in_flight_bytes 950/);
  gate.resolve();
  expect((await sent).status).toBe(200);
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({ status: 'up' });
  await server.close();
});
