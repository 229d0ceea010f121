import { capturedLog, hang, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost } from '../../support/open-host.ts';
import { openStream } from '../support/event-stream.ts';
import { listen } from '../support/listen.ts';
import { INITIALIZE, JSON_HEADERS, openSession, send } from '../support/send.ts';
import { startWorkspace } from '../support/start-workspace.ts';

const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'slack_read_emojis', arguments: {} } };

describe('a client that reads its stream', () => {
  it('keeps it open through five hundred notifications, and receives all of them', async () => {
    await using at = await startWorkspace({ host: { observesEvents: true } });
    await using server = await listen({ host: at.host, logger: at.log });
    const url = `${server.url}/mcp`;
    const session = await openSession(url);
    const subscribe = { jsonrpc: '2.0', id: 5, method: 'resources/subscribe', params: { uri: 'slack://emojis' } };
    const headers = { ...JSON_HEADERS, 'mcp-session-id': session };
    expect((await send(url, { method: 'POST', headers, body: subscribe })).body.error).toBeUndefined();
    const stream = await openStream(url, session);
    const notices = () =>
      stream.events().filter(({ data }) => data?.method === 'notifications/resources/updated').length;
    for (let told = 0; told < 500; told += 100) {
      for (let index = 0; index < 100; index += 1) {
        at.host.changes.publish({ kind: 'resource_updated', uri: 'slack://emojis' });
      }
      await expect.poll(notices, { timeout: 20_000 }).toBe(told + 100);
    }
    expect(stream.response.destroyed).toBe(false);
  });
});

describe('what a request opens', () => {
  it('is closed when initialize is rejected', async () => {
    const log = capturedLog();
    const host = openHost({ slack: new Map(), logger: log, version: '1' });
    let [opened, closed] = [0, 0];
    const counting = {
      ...host,
      changes: host.changes,
      createServer: async (...args: Parameters<typeof host.createServer>) => {
        const made = await host.createServer(...args);
        const { onclose } = made;
        opened += 1;
        made.onclose = () => {
          closed += 1;
          onclose?.();
        };
        return made;
      },
    };
    await using server = await listen({ host: counting, logger: log });
    const refused = [
      { headers: { ...JSON_HEADERS, accept: 'text/html' }, body: INITIALIZE },
      { headers: JSON_HEADERS, body: [INITIALIZE, { ...INITIALIZE, id: 2 }] },
    ];
    for (const request of refused) {
      expect((await send(`${server.url}/mcp`, { method: 'POST', ...request })).status).toBeGreaterThanOrEqual(400);
    }
    expect(opened).toBe(refused.length);
    await expect.poll(() => closed).toBe(opened);
    await host.close();
  });

  it('does not delay a shutdown after its session ended during a call', async () => {
    const slack = await unrulySlack(hang);
    onTestFinished(() => slack[Symbol.asyncDispose]());
    await using at = await startWorkspace({ slack: { apiUrl: slack.url } });
    const server = await listen({ host: at.host, logger: at.log });
    const url = `${server.url}/mcp`;
    const session = { ...JSON_HEADERS, 'mcp-session-id': await openSession(url) };
    const answer = send(url, { method: 'POST', headers: session, body: call }).catch(() => undefined);
    await expect.poll(() => slack.calls.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect((await send(url, { method: 'DELETE', headers: session })).status).toBe(200);
    await answer;
    // An orderly close waits for nothing and abandons nothing.
    await server.app.close();
  });
});
