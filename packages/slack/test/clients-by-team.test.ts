import { json, type ReceivedCall, unrulySlack } from '@slack-mcp/test-support';
import { expect, it } from 'vitest';
import { createClientsByTeam } from '../src/clients-by-team.ts';
import { createSlackClient, type SlackClient } from '../src/slack-client.ts';
import { SlackApiError, SlackTokenMissingError } from '../src/slack-error.ts';

const tokenOf = ({ headers }: ReceivedCall): string => String(headers.authorization).replace('Bearer ', '');

const TEAMS: Readonly<Record<string, object>> = {
  'xoxb-acme': { team_id: 'T0ACME', enterprise_id: 'E0CORP' },
  'xoxb-beta': { team_id: 'T0BETA' },
};

/** Two workspaces, and the calls made with each token other than `auth.test`. */
async function twoWorkspaces(refused: () => string | undefined = () => undefined) {
  const used: string[] = [];
  let asked = 0;
  const slack = await unrulySlack((response, call) => {
    const token = tokenOf(call);
    if (token === refused()) return json({ ok: false, error: 'token_revoked' })(response, call);
    if (call.method === 'auth.test') asked += 1;
    else used.push(token);
    json({ ok: true, ...TEAMS[token] })(response, call);
  });
  const open = (token: string): SlackClient => createSlackClient({ token, apiUrl: slack.url });
  const client = createClientsByTeam(
    new Map([
      ['acme', open('xoxb-acme')],
      ['beta', open('xoxb-beta')],
    ]),
  );
  return { client, used, asked: () => asked, [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose]() };
}

const post = { channel: 'C1', text: 'hi' };

it('uses the token of the team, and calls auth.test once for each token', async () => {
  await using at = await twoWorkspaces();
  for (let index = 0; index < 3; index += 1) {
    await at.client.forTeam({ teamId: 'T0BETA' }).call('chat.postMessage', post);
    await at.client.forTeam({ teamId: 'T0ACME' }).request('chat.postMessage', post);
  }
  expect(at.used).toEqual(['xoxb-beta', 'xoxb-acme', 'xoxb-beta', 'xoxb-acme', 'xoxb-beta', 'xoxb-acme']);
  expect(at.asked()).toBe(2);
});

it('finds a workspace by the organization that the app is installed in', async () => {
  await using at = await twoWorkspaces();
  await at.client.forTeam({ teamId: 'T0OTHER', enterpriseId: 'E0CORP' }).call('auth.revoke');
  expect(at.used).toEqual(['xoxb-acme']);
});

it('uses the first workspace if the payload names no team', async () => {
  await using at = await twoWorkspaces();
  await at.client.call('chat.postMessage', post);
  await at.client.forTeam({}).call('chat.postMessage', post);
  expect(at.used).toEqual(['xoxb-acme', 'xoxb-acme']);
});

it('rejects a team without a token, and posts nothing elsewhere', async () => {
  await using at = await twoWorkspaces();
  const error = await at.client
    .forTeam({ teamId: 'T0STRANGE' })
    .call('chat.postMessage', post)
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SlackTokenMissingError);
  expect((error as Error).message).toMatch(/T0STRANGE.*SLACK_WORKSPACES/);
  expect(at.used).toEqual([]);
});

it('skips a workspace whose token is refused, and calls auth.test again later', async () => {
  let refused: string | undefined = 'xoxb-acme';
  await using at = await twoWorkspaces(() => refused);
  await at.client.forTeam({ teamId: 'T0BETA' }).call('chat.postMessage', post);
  const acme = at.client.forTeam({ teamId: 'T0ACME' });
  await expect(acme.call('chat.postMessage', post)).rejects.toBeInstanceOf(SlackApiError);
  refused = undefined;
  await acme.call('chat.postMessage', post);
  expect(at.used).toEqual(['xoxb-beta', 'xoxb-acme']);
});

it('prefers the workspace to the organization that both name', async () => {
  await using at = await twoWorkspaces();
  await at.client.forTeam({ teamId: 'T0BETA', enterpriseId: 'E0CORP' }).call('chat.postMessage', post);
  expect(at.used).toEqual(['xoxb-beta']);
});

it('posts nothing elsewhere while the workspace of the team cannot be determined', async () => {
  await using at = await twoWorkspaces(() => 'xoxb-beta');
  const beta = at.client.forTeam({ teamId: 'T0BETA' });
  await expect(beta.call('chat.postMessage', post)).rejects.toBeInstanceOf(SlackApiError);
  expect(at.used).toEqual([]);
});
