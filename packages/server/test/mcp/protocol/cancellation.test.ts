import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../support/connect-client.ts';
import { startWorkspace } from '../support/start-workspace.ts';
import { openTransport, TRANSPORTS } from '../support/transports.ts';

/** A Slack that never responds, and reports when its callers disconnect. */
async function silentSlack(): Promise<{ url: string; calls: () => number; hungUp: () => number }> {
  let [calls, hungUp] = [0, 0];
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    response.once('close', () => {
      hungUp += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/`, calls: () => calls, hungUp: () => hungUp };
}

const CALL = { name: 'slack_read_emojis', arguments: {} };

describe.each(TRANSPORTS)('over %s', (name) => {
  it('aborts the request to Slack when the client cancels', async () => {
    const slack = await silentSlack();
    await using at = await startWorkspace({ slack: { apiUrl: slack.url } });
    await using way = await openTransport(name, { ...at, simulator: { ...at.simulator, url: slack.url } });
    const client = createClient();
    await client.connect(way.transport);
    const abort = new AbortController();
    const result = client.callTool(CALL, undefined, { signal: abort.signal }).catch((error: unknown) => error);
    await expect.poll(slack.calls, { timeout: 20_000 }).toBe(1);
    expect(slack.hungUp()).toBe(0);
    abort.abort('changed my mind');
    expect(await result).toBeInstanceOf(Error);
    await expect.poll(slack.hungUp, { timeout: 20_000 }).toBe(1);
    await client.close();
  });
});

describe('a client that disconnects', () => {
  it('over SSE aborts its requests to Slack: its session is its stream', async () => {
    const slack = await silentSlack();
    await using at = await startWorkspace({ slack: { apiUrl: slack.url } });
    await using way = await openTransport('SSE', at);
    const client = createClient();
    await client.connect(way.transport);
    client.callTool(CALL).catch(() => {});
    await expect.poll(slack.calls, { timeout: 20_000 }).toBe(1);
    await client.close();
    await expect.poll(slack.hungUp, { timeout: 20_000 }).toBe(1);
  });

  it('over Streamable HTTP may return for the answer until its session ends', async () => {
    const slack = await silentSlack();
    await using at = await startWorkspace({ slack: { apiUrl: slack.url, timeoutMs: 60_000 } });
    await using way = await openTransport('Streamable HTTP', at);
    const client = createClient();
    await client.connect(way.transport);
    client.callTool(CALL).catch(() => {});
    await expect.poll(slack.calls, { timeout: 20_000 }).toBe(1);
    const { transport } = way;
    await client.close();
    expect(slack.hungUp()).toBe(0);
    await at.host.close();
    await expect.poll(slack.hungUp, { timeout: 20_000 }).toBe(1);
    await transport.close();
  });
});
