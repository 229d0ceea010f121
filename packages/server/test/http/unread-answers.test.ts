import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { silentLogger } from '@slack-mcp/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpApp } from '../../src/http/http-app.ts';
import type { UnreadLimits } from '../../src/http/unread-answers.ts';

const ANSWER = 'x'.repeat(16 * 2 ** 20);

/** A server with a large response. */
async function serve(unread: UnreadLimits) {
  const { app } = createHttpApp({ logger: silentLogger, unread });
  let answered = 0;
  app.get('/large', async () => {
    answered += 1;
    return ANSWER;
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
  });
  const { port } = app.server.address() as AddressInfo;
  const connections = (): Promise<number> => new Promise((resolve) => app.server.getConnections((_, n) => resolve(n)));
  return { port, connections, answered: () => answered };
}

/** Requests it without reading the response. */
function ask(port: number): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'));
  socket.pause().on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe('a client that does not read its response', () => {
  test('is disconnected after some time', async () => {
    const { port, connections, answered } = await serve({ bytes: 2 ** 40, stalledMs: 200, intervalMs: 20 });
    ask(port);
    await expect.poll(answered, { timeout: 20_000 }).toBe(1);
    await expect.poll(connections, { timeout: 20_000 }).toBe(0);
  });

  test('is disconnected before there are too many, without affecting clients that read', async () => {
    const { port, connections, answered } = await serve({
      bytes: 2 * ANSWER.length,
      stalledMs: 600_000,
      intervalMs: 100,
    });
    for (let count = 0; count < 8; count += 1) ask(port);
    await expect.poll(answered, { timeout: 20_000 }).toBe(8);
    await expect.poll(connections, { timeout: 20_000 }).toBeLessThan(4);
    expect(await connections()).toBeGreaterThan(0);
    expect(await (await fetch(`http://127.0.0.1:${port}/large`)).text()).toHaveLength(ANSWER.length);
  });
});
