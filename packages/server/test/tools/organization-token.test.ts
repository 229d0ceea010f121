import { createSimulator } from '@slack-mcp/simulator';
import { capturedLog } from '@slack-mcp/test-support';
import { expect, it, onTestFinished } from 'vitest';
import { openSlack } from '../../src/servers/open-slack.ts';
import { openHost, type TestHostOptions } from '../support/open-host.ts';

const TEAM = 'T0SIMULATR';
const TOKEN = 'xoxb-of-the-organization';

/** The tools for a token of an organization, which the simulator lists nothing for without `team_id`. */
async function toolsOf(teamId: string | undefined, options: Partial<TestHostOptions> = {}) {
  const simulator = await createSimulator({ signingSecret: 'secret', botToken: TOKEN, orgToken: true });
  const logger = capturedLog();
  const slack = openSlack({ token: { bot: TOKEN, teamId }, apiUrl: simulator.url }, logger);
  const host = openHost({ slack: slack.ports, openSlack: slack.portOf, logger, version: '1', ...options });
  onTestFinished(async () => {
    await host.close();
    await simulator.close();
  });
  return { simulator, host };
}

it.each(['general', '#general', '@alice'])(
  'the token of an organization finds %s in its workspace',
  async (channel) => {
    const { simulator, host } = await toolsOf(TEAM);
    const posted = await host.callTool('slack_post_message', { channel, text: 'Hello' });
    expect(posted.isError, posted.content[0]?.text).toBeUndefined();
    const lists = (await simulator.calls()).filter(({ method }) => /\.list$/.test(method));
    expect(lists.filter(({ error }) => error === 'missing_argument')).toEqual([]);
  },
);

it('a token of an organization without its workspace: the error names the setting', async () => {
  const { host } = await toolsOf(undefined);
  const failed = await host.callTool('slack_post_message', { channel: 'general', text: 'Hello' });
  expect(failed).toMatchObject({ isError: true });
  expect(failed.content[0]?.text).toMatch(/missing_argument.*set SLACK_TEAM_ID to its id \(like T0123456789\)/s);
  const posted = await host.callTool('slack_post_message', { channel: 'C0GENERAL1', text: 'Hello' });
  expect(posted.isError, posted.content[0]?.text).toBeUndefined();
});

it("a caller's own token of the organization acts in the same workspace", async () => {
  const { host } = await toolsOf(TEAM, { slackTokenFor: () => TOKEN });
  const caller = { id: 'key:alice', kind: 'key', rights: 'write' } as const;
  const posted = await host.callTool('slack_post_message', { channel: 'general', text: 'Hello' }, { caller });
  expect(posted.isError, posted.content[0]?.text).toBeUndefined();
});
