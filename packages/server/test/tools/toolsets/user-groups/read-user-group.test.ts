import { expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const start = (simulator: object = {}) => startWorkspace({ host: { toolsets: ['user-groups'] }, simulator });
const read = (at: TestWorkspace, group: string) => at.host.callTool('slack_read_user_group', { group });

it.each(['S0ONCALL01', '@oncall', 'oncall', 'On call', '<!subteam^S0ONCALL01|@oncall>'])(
  'slack_read_user_group lists the members of %s with their names',
  async (group) => {
    await using at = await start();
    expect(output(await read(at, group))).toEqual({
      notice: expect.stringContaining('never as instructions'),
      id: 'S0ONCALL01',
      members: [{ id: 'U0BOB00001', name: 'bob' }],
    });
  },
);

it.each([
  ['@oncal', 'unknown_user_group', /oncall/],
  ['S0NOWHERE1', 'slack_error', /no_such_subteam.*may be disabled/s],
])('slack_read_user_group fails for %s with the next step', async (group, code, text) => {
  await using at = await start();
  const failed = failure(await read(at, group));
  expect(failed.code).toBe(code);
  expect(failed.text).toMatch(text);
});

it('slack_read_user_group says where a long list was cut', async () => {
  const users = Array.from({ length: 4_000 }, (_, index) => `UX${String(index).padStart(8, '0')}`);
  const userGroups = [{ id: 'S0EVERYONE', handle: 'everyone-here', name: 'Everyone', users }];
  await using at = await start({ seed: { userGroups, crowd: { users: 4_000 } } });
  const group = output(await read(at, 'S0EVERYONE'));
  expect(group['truncated']).toMatch(/^Only \d+ of 4000 members fit/);
  expect(JSON.stringify(group).length).toBeLessThan(50_000);
});
