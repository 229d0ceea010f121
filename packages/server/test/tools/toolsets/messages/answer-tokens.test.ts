import type { JsonObject } from '@slack-mcp/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { objectsOf } from '../../../../src/tools/messages/json-fields.ts';
import { messageText } from '../../../../src/tools/messages/message-text.ts';
import { startWorkspace, TOKEN } from '../../../mcp/support/start-workspace.ts';
import { shownAnswer, tokensOf } from '../../support/shown-answer.ts';
import { TEAM_CHANNEL, TEAM_MESSAGES, teamSeed } from '../../support/team-history.ts';

/** Slack's answer, and the answer of the tool. */
let raw: string;
let messages: JsonObject[];
let shown: string;

beforeAll(async () => {
  await using at = await startWorkspace({ simulator: { seed: teamSeed() }, host: { output: 'text' } });
  const url = `${at.simulator.url}conversations.history?channel=${TEAM_CHANNEL}&limit=${TEAM_MESSAGES}`;
  raw = await (await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  messages = objectsOf((JSON.parse(raw) as JsonObject)['messages']);
  const args = { channel: TEAM_CHANNEL, limit: TEAM_MESSAGES };
  const read = async () => shownAnswer(await at.host.callTool('slack_read_channel_messages', args));
  shown = await read();
  // Names that Slack returns late are in the next answer.
  for (let round = 0; round < 20 && /^\d\d:\d\d\.\d{8} U06/m.test(shown); round += 1) shown = await read();
});

const count = (test: (message: JsonObject) => unknown): number => messages.filter(test).length;

describe('a history of 100 messages', () => {
  it('has the shares of content that teams have', () => {
    expect(messages).toHaveLength(TEAM_MESSAGES);
    expect(count(({ reactions }) => reactions)).toBe(20);
    expect(count(({ files }) => files)).toBe(10);
    expect(count(({ attachments }) => attachments)).toBeGreaterThanOrEqual(6);
    expect(count(({ subtype }) => subtype === 'bot_message')).toBeGreaterThanOrEqual(12);
    expect(count(({ reply_count: replies }) => replies)).toBe(10);
    expect(count(({ edited }) => edited)).toBeGreaterThanOrEqual(5);
    expect(count(({ blocks }) => objectsOf(blocks).length > 0)).toBeGreaterThan(90);
  });

  it('has texts of 26 tokens on average', () => {
    const tokens = messages.map((message) => tokensOf(messageText(message)));
    expect(tokens.reduce((sum, one) => sum + one, 0) / tokens.length).toBeCloseTo(26, 0);
  });

  it('has about 19,600 tokens in the answer of Slack', () => {
    expect(tokensOf(raw)).toBeGreaterThan(19_400);
    expect(tokensOf(raw)).toBeLessThan(19_900);
  });

  it('is shown to a model in at most a fifth of the tokens', () => {
    expect(tokensOf(shown) / tokensOf(raw)).toBeLessThanOrEqual(0.2);
  });
});
