import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createSlackPort } from '../src/create-slack-port.ts';

/** An HTTP proxy that forwards requests. */
async function startProxy() {
  const hosts: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { host } = new URL(incoming.url ?? '');
    hosts.push(host);
    const { method, headers } = incoming;
    const passedOn = request(incoming.url ?? '', { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a proxy', () => {
  it('receives the calls', async () => {
    await using proxy = await startProxy();
    await using slack = await unrulySlack(json({ ok: true, ts: '1.1' }, 200, { 'x-oauth-scopes': 'chat:write' }));
    const port = createSlackPort({
      token: 'xoxb-1',
      apiUrl: slack.url,
      proxy: { httpProxy: proxy.url, httpsProxy: proxy.url },
    });
    expect(await port.call('chat.postMessage', { channel: 'C1' })).toMatchObject({ ts: '1.1' });
    expect(proxy.hosts).toEqual([new URL(slack.url).host]);
    expect(slack.calls[0]?.headers.authorization).toBe('Bearer xoxb-1');
    expect(slack.calls[0]?.args.get('channel')).toBe('C1');
    expect(port.grantedScopes?.()).toEqual(['chat:write']);
  });

  it('is bypassed for the hosts in noProxy', async () => {
    await using proxy = await startProxy();
    await using slack = await unrulySlack(json({ ok: true }));
    const port = createSlackPort({
      token: 'xoxb-1',
      apiUrl: slack.url,
      proxy: { httpProxy: proxy.url, noProxy: '127.0.0.1' },
    });
    await port.call('auth.test');
    expect(proxy.hosts).toEqual([]);
  });

  it('that is unavailable is reported as an unreachable Slack', async () => {
    const proxy = await startProxy();
    await proxy[Symbol.asyncDispose]();
    await using slack = await unrulySlack(json({ ok: true }));
    const port = createSlackPort({ token: 'xoxb-1', apiUrl: slack.url, retries: 0, proxy: { httpProxy: proxy.url } });
    await expect(port.call('auth.test')).rejects.toMatchObject({ failure: 'unreachable' });
    expect(slack.calls).toHaveLength(0);
  });
});
