import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** The numbers of Kafka requests. */
export const REQUESTS = { SaslHandshake: 17, SaslAuthenticate: 36, OffsetCommit: 8 } as const;

/** `close`: closes the connection. `reset`: resets it. `silent`: passes nothing more. */
export type Cut = 'close' | 'reset' | 'silent';

export interface CuttingProxy {
  readonly port: number;
  /** The request that is not passed on, and what happens to its connection instead. */
  cut: { readonly request: keyof typeof REQUESTS; readonly how: Cut } | undefined;
  /** Number of bytes of the broker's answers after which each connection ends, whether or not they are encrypted. */
  answers: { readonly bytes: number; readonly how: Cut } | undefined;
  /** Number of requests that were not passed on. */
  readonly cuts: number;
  /** Number of logins over connections that had already logged in. */
  readonly repeatedLogins: number;
}

/** A proxy to a Kafka broker that acts on a request by its type. */
export async function createCuttingProxy(target: { port: number }): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const proxy = { port: 0, cut: undefined, answers: undefined, cuts: 0, repeatedLogins: 0 } as {
    -readonly [K in keyof CuttingProxy]: CuttingProxy[K];
  };
  const server = createServer((client) => {
    const broker = connect({ port: target.port, host: '127.0.0.1' });
    let waiting = Buffer.alloc(0);
    let isOver = false;
    let logins = 0;
    const end = (how: Cut): void => {
      if (isOver) return;
      isOver = true;
      proxy.cuts += 1;
      if (how === 'silent') client.pause();
      else if (how === 'reset') client.resetAndDestroy();
      else client.end();
      if (how !== 'silent') broker.destroy();
    };
    client.on('data', (bytes: Buffer) => {
      if (proxy.answers !== undefined) {
        broker.write(bytes);
        return;
      }
      waiting = Buffer.concat([waiting, bytes]);
      while (waiting.length >= 6 && waiting.length >= 4 + waiting.readInt32BE(0)) {
        const size = 4 + waiting.readInt32BE(0);
        if (proxy.cut !== undefined && waiting.readInt16BE(4) === REQUESTS[proxy.cut.request]) {
          end(proxy.cut.how);
          return;
        }
        if (waiting.readInt16BE(4) === REQUESTS.SaslHandshake) {
          logins += 1;
          if (logins > 1) proxy.repeatedLogins += 1;
        }
        broker.write(waiting.subarray(0, size));
        waiting = waiting.subarray(size);
      }
    });
    let left = proxy.answers?.bytes ?? Number.POSITIVE_INFINITY;
    broker.on('data', (bytes: Buffer) => {
      if (isOver) return;
      client.write(bytes.subarray(0, Math.min(bytes.length, left)));
      if (bytes.length >= left) end(proxy.answers?.how ?? 'close');
      left -= bytes.length;
    });
    for (const [one, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.port = (server.address() as AddressInfo).port;
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return proxy;
}
