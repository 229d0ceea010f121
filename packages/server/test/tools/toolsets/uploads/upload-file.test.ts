import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';

const start = (host: object = {}, simulator: object = {}) =>
  startWorkspace({ host: { toolsets: ['uploads'], ...host }, simulator });
const upload = (at: TestWorkspace, args: object = {}) =>
  at.host.callTool('slack_upload_file', { channel: 'general', filename: 'report.csv', content: 'a,b\n1,ü', ...args });

describe('slack_upload_file', () => {
  it('shares a text as a file in a thread', async () => {
    await using at = await start();
    const thread_ts = '1700000000.000100';
    const done = output(await upload(at, { thread_ts }));
    expect(done).toEqual({ channel: GENERAL, file_id: expect.stringMatching(/^F/), filename: 'report.csv', bytes: 8 });
    const message = (await at.simulator.messages(GENERAL)).at(-1);
    expect(message).toMatchObject({ thread_ts, files: [{ id: done['file_id'], name: 'report.csv', size: 8 }] });
    expect(at.simulator.workspace.uploads.get(done['file_id'])?.bytes?.toString()).toBe('a,b\n1,ü');
  });

  it.each(['+/8AAQ==', '-_8AAQ', '+/8A\nAQ=='])('shares the bytes of base64: %j', async (content) => {
    await using at = await start();
    const { file_id } = output(await upload(at, { filename: 'x.bin', content, encoding: 'base64' }));
    expect(at.simulator.workspace.uploads.get(file_id)?.bytes).toEqual(Buffer.from([0xfb, 0xff, 0, 1]));
  });

  it('uploads once per idempotency key', async () => {
    await using at = await start();
    const args = { idempotency_key: 'k' };
    const done = await Promise.all([upload(at, args), upload(at, args)]);
    expect(new Set(done.map((result) => output(result)['file_id'])).size).toBe(1);
    expect(await at.simulator.calls('files.completeUploadExternal')).toHaveLength(1);
    expect(failure(await upload(at, { ...args, content: 'other' })).code).toBe('idempotency_key_reused');
  });

  it('can be repeated with its key if it failed before the file was shared', async () => {
    await using at = await start();
    const args = { idempotency_key: 'k' };
    await at.simulator.fail('files.getUploadURLExternal', 500);
    expect(failure(await upload(at, args)).code).toBe('slack_unreachable');
    output(await upload(at, args));
    await at.simulator.fail('files.completeUploadExternal', 500);
    expect(failure(await upload(at, { idempotency_key: 'l' })).code).toBe('slack_unreachable');
    expect(failure(await upload(at, { idempotency_key: 'l' })).code).toBe('idempotency_uncertain');
  });

  it('uploads nothing for a channel that is denied', async () => {
    await using at = await start({ writeChannels: ['!general'] });
    expect(failure(await upload(at)).code).toBe('not_allowed');
    expect(await at.simulator.calls('files.getUploadURLExternal')).toEqual([]);
  });

  it('says what to do where the bot is not a member', async () => {
    await using at = await start();
    const failed = failure(await upload(at, { channel: 'watercooler' }));
    expect(failed).toMatchObject({ details: { slack_error: 'posting_to_channel_denied' } });
    expect(failed.text).toContain('Invite the bot');
  });

  it.each([
    { filename: '../secret' },
    { filename: 'a\nb' },
    { filename: '' },
    { content: '' },
    { content: 'no base64!', encoding: 'base64' },
    { content: 'abcde', encoding: 'base64' },
    { encoding: 'hex' },
  ])('refuses %j without a call to Slack', async (args) => {
    await using at = await start();
    expect(failure(await upload(at, args)).code).toBe('invalid_arguments');
    expect(await at.simulator.calls()).toEqual([]);
  });
});
