import { expect, it } from 'vitest';
import { CallerQuotas } from '../../../src/access/caller-quotas.ts';
import { listen } from '../support/listen.ts';
import { JSON_HEADERS, openSession, send } from '../support/send.ts';
import { startWorkspace } from '../support/start-workspace.ts';

it('stores nothing for a session that has ended', async () => {
  await using at = await startWorkspace();
  const quotas = new CallerQuotas();
  await using server = await listen({ host: at.host, logger: at.log, quotas });
  const url = `${server.url}/mcp`;
  const headers = { ...JSON_HEADERS, 'mcp-session-id': await openSession(url) };
  // A batch is answered on a stream, whose events are stored.
  const body = [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }];
  expect((await send(url, { method: 'POST', headers, body })).status).toBe(200);
  expect(quotas.kept.used).toBeGreaterThan(0);
  expect((await send(url, { method: 'DELETE', headers })).status).toBe(200);
  await expect.poll(() => [quotas.kept.used, quotas.sessions.used]).toEqual([0, 0]);
});
