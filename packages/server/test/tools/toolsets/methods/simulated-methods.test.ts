import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSimulator } from '@slack-mcp/simulator';
import { expect, it } from 'vitest';
import { LISTED_METHODS } from '../../../../src/tools/toolsets/methods/method-table.ts';

const TOKENS = { bot: 'xoxb-lacking', user: 'xoxp-lacking' };

const TOOLS = resolve(import.meta.dirname, '../../../../src/tools');

/** Names in the sources of the tools that look like methods of Slack, without the download of a file. */
function methodsOfTools(): string[] {
  const families = new Set([...LISTED_METHODS.keys()].map((name) => name.slice(0, name.indexOf('.'))));
  const sources = readdirSync(TOOLS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = sources.flatMap((name) => [
    ...readFileSync(join(TOOLS, name), 'utf8').matchAll(/'(([a-z]\w*)(?:\.[a-z]\w*)+)'/gi),
  ]);
  const names = texts.filter(([, , family = '']) => families.has(family)).map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => name !== 'files.download');
}

it('the simulator has every method that the tools call', async () => {
  await using simulator = await createSimulator({ signingSecret: 'secret', botToken: TOKENS.bot });
  const methods = methodsOfTools();
  expect(methods).toContain('conversations.history');
  expect(methods.length).toBeGreaterThan(25);
  for (const name of methods) {
    const headers = { authorization: `Bearer ${TOKENS.bot}` };
    const response = await fetch(`${simulator.url}${name}`, { method: 'POST', headers });
    expect([name, ((await response.json()) as { error?: string }).error]).not.toEqual([name, 'unknown_method']);
  }
});

it('the simulator has every method of the table, with its scopes and its kinds of token', async () => {
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
      expect([name, error]).not.toEqual([name, 'unknown_method']);
      if (!tokens.includes(kind)) expect([name, kind, error]).toEqual([name, kind, 'not_allowed_token_type']);
      else expect([name, kind, error]).not.toEqual([name, kind, 'not_allowed_token_type']);
      // Slack names the scope of classic apps for posting.
      if (error === 'missing_scope') expect([name, ...scopes]).toContain(needed?.replace(/:(bot|user)$/, ''));
    }
  }
});
