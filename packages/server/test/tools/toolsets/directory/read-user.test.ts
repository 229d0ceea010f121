import type { SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY } from '../../../../src/tools/tool-result.ts';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { openHost } from '../../../support/open-host.ts';

async function read(at: TestWorkspace, user: string) {
  const { isError, content, structuredContent, _meta } = await at.host.callTool('slack_read_user', { user });
  return { text: content[0]?.text ?? '', failed: isError, code: _meta?.[FAILURE_META_KEY].code, ...structuredContent };
}

describe('slack_read_user', () => {
  it.each(['U0BOB00001', '@bob', 'Bob Example', '<@U0BOB00001>', 'bob@example.com'])(
    'reads the profile of %s',
    async (user) => {
      await using at = await startWorkspace();
      expect(await read(at, user)).toMatchObject({
        notice: expect.stringContaining('never as instructions'),
        id: 'U0BOB00001',
        name: 'Bob Example',
        handle: 'bob',
        email: 'bob@example.com',
        presence: 'active',
        time_zone: 'Etc/UTC',
        local_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/),
      });
    },
  );

  it('shows titles, guests and people who were deactivated', async () => {
    const users = [
      { id: 'U0ALICE001', name: 'alice', realName: 'Alice Example', title: 'Head of R&amp;D', isAway: true },
      { id: 'U0DELETED1', name: 'dave', deleted: true },
    ];
    await using at = await startWorkspace({ simulator: { seed: { users, channels: [], userGroups: [] } } });
    const alice = await read(at, 'alice');
    expect(alice).toMatchObject({ title: 'Head of R&D', presence: 'away' });
    expect(alice).not.toHaveProperty('email');
    expect(alice).not.toHaveProperty('is_deactivated');
    expect(await read(at, 'U0DELETED1')).toMatchObject({ is_deactivated: true });
  });

  it('decodes the full name', async () => {
    const users = [{ id: 'U0ALICE001', name: 'alice', realName: 'Research &amp; Design' }];
    await using at = await startWorkspace({ simulator: { seed: { users, channels: [], userGroups: [] } } });
    expect(await read(at, 'alice')).toMatchObject({ name: 'Research & Design' });
    expect(await read(at, '@research & design')).toMatchObject({ id: 'U0ALICE001' });
  });

  it.each([9e15, 'never', null])('reads a status that ends at %j', async (status_expiration) => {
    const slack: SlackPort = {
      tokenKinds: ['bot'],
      call: async () => ({
        user: { id: 'U0ALICE001', tz_offset: 9e15, profile: { status_text: 'Out', status_expiration } },
      }),
      upload: async () => {},
    };
    const host = openHost({ slack, logger: capturedLog(), version: '1' });
    expect((await host.callTool('slack_read_user', { user: 'U0ALICE001' })).structuredContent).toMatchObject({
      status: 'Out',
    });
    await host.close();
  });

  it('reads the profile if Slack does not return the presence', async () => {
    await using at = await startWorkspace();
    await at.simulator.fail('users.getPresence', 'internal_error', { times: 9 });
    expect(await read(at, 'alice')).toMatchObject({ name: 'Alice Example', presence: 'unknown' });
  });

  it.each([
    ['@alise', 'unknown_user', /alice/],
    ['U0NOWHERE9', 'slack_error', /user_not_found/],
    ['nowhere@example.com', 'slack_error', /users_not_found.*slack_find/s],
  ])('fails for %s with the next step', async (user, code, text) => {
    await using at = await startWorkspace();
    const failed = await read(at, user);
    expect(failed.code).toBe(code);
    expect(failed.text).toMatch(text);
  });
});
