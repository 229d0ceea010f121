import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { RedisConnection } from '../src/client.ts';
import { resolveOptions } from '../src/options.ts';

/** Starts a server that reports a loading time of ten minutes, and is ready at the third request. */
async function startLoading(): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const [name] of String(data).matchAll(/\r\n(info|ping|client)\r\n/gi)) {
        if (!/info/i.test(name)) {
          socket.write('+OK\r\n');
          continue;
        }
        asked += 1;
        const text = asked < 3 ? 'loading:1\r\nloading_eta_seconds:600\r\n' : 'loading:0\r\n';
        socket.write(`$${text.length}\r\n${text}\r\n`);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

test('uses a Redis as soon as it has loaded its data, regardless of the time that it estimates', async () => {
  const { url, asked } = await startLoading();
  const connection = new RedisConnection(resolveOptions({ url }), 'main');
  onTestFinished(() => connection.close());
  await connection.ready();
  expect(asked()).toBe(3);
}, 5_000);
