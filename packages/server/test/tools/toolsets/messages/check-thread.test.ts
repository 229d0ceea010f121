import { expect, it } from 'vitest';
import { startWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const TO = { channel: 'general', thread_ts: '1600000000.000100', idempotency_key: 'key-1' };
const CALLS: readonly (readonly [tool: string, args: object, method: string])[] = [
  ['slack_upload_file', { ...TO, filename: 'report.csv', content: 'a,b' }, 'files.completeUploadExternal'],
  ['slack_schedule_message', { ...TO, text: 'Later', post_at: 'in 2 hours' }, 'chat.scheduleMessage'],
];

it.each(CALLS)('%s shows nothing to the channel if the thread does not exist', async (tool, args, method) => {
  await using at = await startWorkspace({ host: { toolsets: ['all'] } });
  const failed = failure(await at.host.callTool(tool, args));
  expect(failed).toMatchObject({ code: 'slack_error', details: { slack_error: 'thread_not_found' } });
  expect(failed.text).toContain('Check thread_ts');
  expect(await at.simulator.calls(method)).toEqual([]);
  output(await at.host.callTool(tool, { ...args, thread_ts: undefined }));
});

it.each(CALLS)('%s does not read a thread that it may not read', async (tool, args, method) => {
  await using at = await startWorkspace({ host: { toolsets: ['all'], readChannels: ['!general'] } });
  output(await at.host.callTool(tool, args));
  expect(await at.simulator.calls('conversations.replies')).toEqual([]);
  expect(await at.simulator.calls(method)).toHaveLength(1);
});
