import { createSimulator } from '@slack-mcp/simulator';
import { json, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClientsByTeam } from '../src/clients-by-team.ts';
import { createSlackPort } from '../src/create-slack-port.ts';
import { createSlackClient, type SlackClient } from '../src/slack-client.ts';

const TEAM = 'T0SIMULATR';
const event = { teamId: 'T0EVENT01', enterpriseId: 'E0CORP' };

/** A Slack that accepts everything, and the `team_id` of each call by its method. */
async function recordingSlack() {
  const sent: [method: string, teamId: string | null][] = [];
  const slack = await unrulySlack((response, call) => {
    sent.push([call.method, call.args.get('team_id')]);
    json({ ok: true, team_id: 'E0CORP', enterprise_id: 'E0CORP' })(response, call);
  });
  onTestFinished(() => slack[Symbol.asyncDispose]());
  return {
    sent,
    open: (token: string, teamId?: string) => createSlackClient({ token: { bot: token, teamId }, apiUrl: slack.url }),
  };
}

describe('a token of an organization', () => {
  it.each(['conversations.list', 'users.list'])('lists the workspace of teamId with %s', async (method) => {
    const simulator = await createSimulator({ signingSecret: 'secret', botToken: 'xoxb-org', orgToken: true });
    onTestFinished(() => simulator.close());
    const port = createSlackPort({ token: { bot: 'xoxb-org', teamId: TEAM }, apiUrl: simulator.url });
    expect(await port.call(method)).toMatchObject({ ok: true });
    const without = createSlackPort({ token: 'xoxb-org', apiUrl: simulator.url });
    await expect(without.call(method)).rejects.toMatchObject({
      slackError: 'missing_argument',
      nextStep: expect.stringMatching(/set SLACK_TEAM_ID to its id \(like T0123456789\)/),
    });
  });

  it.each([
    ['conversations.list', TEAM],
    ['users.conversations', TEAM],
    ['usergroups.list', TEAM],
    ['bots.info', TEAM],
    ['search.messages', TEAM],
    ['chat.postMessage', null],
    ['conversations.history', null],
    ['users.info', null],
    ['auth.test', null],
  ])('sends with %s the team_id %s', async (method, expected) => {
    const { sent, open } = await recordingSlack();
    await open('xoxb-org', TEAM).request(method, {});
    await open('xoxb-one').request(method, {});
    expect(sent).toEqual([
      [method, expected],
      [method, null],
    ]);
  });

  it('keeps the team_id that a call names', async () => {
    const { sent, open } = await recordingSlack();
    await open('xoxb-org', TEAM).request('users.list', { team_id: 'T0OTHER01' });
    expect(sent).toEqual([['users.list', 'T0OTHER01']]);
  });

  it('has another identity in each workspace, so that they share no names', () => {
    const identity = (teamId?: string) => createSlackPort({ token: { bot: 'xoxb-org', teamId } }).identity;
    expect(new Set([identity(), identity('T0000001'), identity('T0000002')]).size).toBe(3);
    expect(identity()).toBe(createSlackPort({ token: 'xoxb-org' }).identity);
  });
});

describe('the client of an event', () => {
  const lists = async (client: SlackClient) => {
    await client.call('users.list', {});
    await client.request('conversations.list');
    await client.call('chat.postMessage', { channel: 'C1', text: 'hi' });
  };

  it.each([
    ['of an organization sends its workspace', event, 'T0EVENT01'],
    ['of a workspace sends none', { teamId: 'T0EVENT01' }, null],
    ['without a workspace sends none', { enterpriseId: 'E0CORP' }, null],
  ])('%s', async (_name, team, expected) => {
    const { sent, open } = await recordingSlack();
    await lists(open('xoxb-org').forTeam(team));
    expect(sent).toEqual([
      ['users.list', expected],
      ['conversations.list', expected],
      ['chat.postMessage', null],
    ]);
  });

  it('sends its workspace rather than the configured one, also among several workspaces', async () => {
    const { sent, open } = await recordingSlack();
    const clients = new Map([
      ['one', open('xoxb-org', TEAM)],
      ['two', open('xoxb-two')],
    ]);
    await lists(createClientsByTeam(clients).forTeam(event));
    expect(sent.filter(([method]) => method !== 'auth.test')).toEqual([
      ['users.list', 'T0EVENT01'],
      ['conversations.list', 'T0EVENT01'],
      ['chat.postMessage', null],
    ]);
  });
});
