import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A load balancer without sticky sessions. */
export interface RoundRobinProxy {
  readonly url: string;
  /** Number of responses from each server. */
  readonly served: readonly number[];
}

/**
 * Sends each request to the next server, or to the one after it if a server does not accept connections. Answers 502 if
 * a server ends the connection without a response.
 */
export async function startRoundRobinProxy(addresses: readonly string[]): Promise<RoundRobinProxy> {
  const served = addresses.map(() => 0);
  let next = 0;
  const proxy = createServer(async (asked, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);

    function forward(triesLeft: number): void {
      const index = next % addresses.length;
      next += 1;
      const target = new URL(asked.url ?? '/', addresses[index]);
      const headers: IncomingHttpHeaders = { ...asked.headers, host: target.host };
      const sent = request(target, { method: asked.method, headers, agent: false }, (response) => {
        served[index] = (served[index] ?? 0) + 1;
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.on('error', () => answer.destroy());
        response.pipe(answer);
      });
      sent.on('error', ({ code }: NodeJS.ErrnoException) => {
        if (code === 'ECONNREFUSED' && triesLeft > 1) forward(triesLeft - 1);
        else if (!answer.headersSent) answer.writeHead(502).end();
      });
      sent.end(body);
    }
    forward(addresses.length);
  });
  // An idle connection that ends just when a request uses it would fail the request.
  proxy.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, served };
}
