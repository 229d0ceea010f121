import { silentLogger } from '@slack-mcp/core';
import { expect, it } from 'vitest';
import { openHost } from '../../../support/open-host.ts';

it('does not report a post without a ts as posted, but says that it may have been', async () => {
  const calls: string[] = [];
  const slack = {
    async call(method: string) {
      calls.push(method);
      return { ok: true, channel: 'C0123456789' };
    },
  };
  const host = openHost({ slack, logger: silentLogger, version: '1' });
  const post = () =>
    host.callTool('slack_post_message', { channel: 'C0123456789', text: 'Hello', idempotency_key: 'one' });
  const result = await post();
  expect(result).toMatchObject({ isError: true, _meta: { 'slack-mcp/error': { code: 'slack_unreachable' } } });
  expect(result.content[0]?.text).toContain('may have carried out the call');
  // It is not retried under its key either.
  expect(await post()).toMatchObject({ _meta: { 'slack-mcp/error': { code: 'idempotency_uncertain' } } });
  expect(calls.filter((method) => method === 'chat.postMessage')).toHaveLength(1);
  await host.close();
});

it('does not report a reply without a ts as posted', async () => {
  const slack = { call: async () => ({ ok: true, channel: 'C0123456789' }) };
  const host = openHost({ slack, logger: silentLogger, version: '1' });
  const args = { channel: 'C0123456789', thread_ts: '1700000000.000100', texts: ['Hello', 'Again'] };
  const result = await host.callTool('slack_thread_reply', args);
  expect(result).toMatchObject({
    isError: true,
    structuredContent: { posted: [], not_posted: [1], uncertain: 0 },
  });
  await host.close();
});
