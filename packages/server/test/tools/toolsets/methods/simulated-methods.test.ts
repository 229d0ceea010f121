import { createSimulator } from '@slack-mcp/simulator';
import { expect, it } from 'vitest';
import { LISTED_METHODS } from '../../../../src/tools/toolsets/methods/method-table.ts';

/** Methods that the simulator does not have. */
const NOT_SIMULATED =
  /^(calls|files\.remote|canvases\.access|team\.(billing|preferences|profile))\.|^(canvases\.delete|slackLists\.(access\.delete|items\.delete(Multiple)?|update)|files\.(revoke|shared)PublicURL|search\.all|users\.deletePhoto)$/;

const TOKENS = { bot: 'xoxb-lacking', user: 'xoxp-lacking' };

it('the simulator wants the scopes and the kinds of token of the table', async () => {
  await using simulator = await createSimulator({
    ...{ signingSecret: 'secret', botToken: TOKENS.bot, userToken: TOKENS.user },
    ...{ scopes: ['team:nothing'], userScopes: ['team:nothing'] },
  });
  for (const [name, { scopes, tokens }] of LISTED_METHODS) {
    for (const kind of ['bot', 'user'] as const) {
      const response = await fetch(`${simulator.url}${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKENS[kind]}` },
        body: new URLSearchParams({ channel: name === 'conversations.close' ? 'D0ALICE001' : 'C0GENERAL1' }),
      });
      const { error, needed } = (await response.json()) as { error?: string; needed?: string };
      expect([name, error === 'unknown_method']).toEqual([name, NOT_SIMULATED.test(name)]);
      if (error === 'unknown_method') continue;
      if (!tokens.includes(kind)) expect([name, kind, error]).toEqual([name, kind, 'not_allowed_token_type']);
      else expect([name, kind, error]).not.toEqual([name, kind, 'not_allowed_token_type']);
      // Slack names the scope of classic apps for posting.
      if (error === 'missing_scope') expect([name, ...scopes]).toContain(needed?.replace(/:(bot|user)$/, ''));
    }
  }
});
