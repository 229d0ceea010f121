import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { limitConnections } from '../../src/http/connections.ts';

/** A server with at most `max` connections, which answers when the test says so. */
async function serve(max: number) {
  const open: ServerResponse[] = [];
  const server = createServer((_request, response) => void open.push(response));
  limitConnections(server, max);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;

  async function client(): Promise<Socket> {
    const accepted = once(server, 'connection');
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.resume();
    await accepted;
    return socket;
  }

  /** Sends a request and waits until the server receives it. */
  async function ask(socket: Socket): Promise<ServerResponse> {
    const asked = once(server, 'request');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [, response] = (await asked) as [unknown, ServerResponse];
    return response;
  }

  async function answer(response: ServerResponse): Promise<void> {
    const closed = once(response, 'close');
    response.end('answered');
    await closed;
  }

  return { client, ask, answer };
}

const closed = (socket: Socket): Promise<unknown> => (socket.closed ? Promise.resolve() : once(socket, 'close'));

describe('at the limit of connections', () => {
  test('a new connection replaces the one that has been idle the longest', async () => {
    const { client, ask, answer } = await serve(2);
    const [first, second] = [await client(), await client()];
    // The older connection has been idle for a shorter time.
    await answer(await ask(second));
    await answer(await ask(first));
    await client();
    await closed(second);
    expect(first.closed).toBe(false);
    await answer(await ask(first));
  });

  test('connections with an open request stay, even if all have one', async () => {
    const { client, ask, answer } = await serve(2);
    const [first, second] = [await client(), await client()];
    const responses = [await ask(first), await ask(second)];
    await client();
    await client();
    const received = Promise.all([once(first, 'data'), once(second, 'data')]);
    for (const response of responses) await answer(response);
    expect((await received).map(([data]) => String(data))).toEqual([
      expect.stringContaining('answered'),
      expect.stringContaining('answered'),
    ]);
  });
});
