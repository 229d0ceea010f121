import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { openHost } from '../../../support/open-host.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
/** A message with the reaction `wave` of Bob and Carol. */
const MESSAGE = { channel: 'general', timestamp: '1700000000.000100' };

const start = (host: object = {}) => startWorkspace({ host: { toolsets: ['more-reactions'], ...host } });
const call = (at: TestWorkspace, name: string, args: object = {}) => at.host.callTool(name, { ...MESSAGE, ...args });

describe('slack_get_reactions', () => {
  it('names the people who reacted', async () => {
    await using at = await start();
    expect(output(await call(at, 'slack_get_reactions'))).toEqual({
      channel: GENERAL,
      timestamp: MESSAGE.timestamp,
      reactions: [
        {
          name: 'wave',
          count: 2,
          users: [
            { id: 'U0BOB00001', name: 'bob' },
            { id: 'U0CAROL001', name: 'carol' },
          ],
        },
      ],
    });
  });

  it('returns an empty list for a message without reactions', async () => {
    await using at = await start();
    const { ts } = await at.simulator.postMessage('alice', 'general', 'Plain');
    expect(output(await call(at, 'slack_get_reactions', { timestamp: ts }))['reactions']).toEqual([]);
  });

  it('says which scope is missing and what to check', async () => {
    await using at = await startWorkspace({
      host: { toolsets: ['more-reactions'] },
      simulator: { scopes: ['channels:read'] },
    });
    expect(failure(await call(at, 'slack_get_reactions')).text).toContain('reactions:read');
    await using other = await start();
    const failed = failure(await call(other, 'slack_get_reactions', { timestamp: '1600000000.000100' }));
    expect(failed.details).toMatchObject({ slack_error: 'message_not_found' });
  });

  it('shortens a long list of people, and keeps the count', async () => {
    const users = Array.from({ length: 2_000 }, (_, index) => `U0${String(index).padStart(8, '0')}`);
    const reactions = Array.from({ length: 20 }, (_, index) => ({ name: `emoji-${index}`, count: 2_000, users }));
    await using at = await start();
    const slack = { call: async () => ({ ok: true, message: { reactions } }) };
    const host = openHost({ slack, logger: at.log, version: '1', toolsets: ['more-reactions'] });
    const result = await host.callTool('slack_get_reactions', { ...MESSAGE, channel: GENERAL });
    const { truncated, reactions: shown } = output(result);
    expect(result.content[0]?.text.length).toBeLessThan(50_000);
    expect(truncated).toEqual(expect.any(String));
    expect(shown[0]).toMatchObject({ count: 2_000 });
    await host.close();
  });
});

describe('slack_remove_reactions', () => {
  it('removes reactions of the bot, and counts absent ones as done', async () => {
    await using at = await start();
    output(await call(at, 'slack_add_reactions', { emojis: ['eyes', 'tada'] }));
    expect(output(await call(at, 'slack_remove_reactions', { emojis: [':eyes:', 'rocket', 'eyes'] }))).toMatchObject({
      removed: ['eyes'],
      not_there: ['rocket'],
      not_removed: [],
    });
    const names = (await at.simulator.messages(GENERAL))[0]?.reactions?.map(({ name }) => name);
    expect(names).toEqual(['wave', 'tada']);
  });

  it('leaves reactions of other people', async () => {
    await using at = await start();
    expect(output(await call(at, 'slack_remove_reactions', { emojis: ['wave'] }))['not_there']).toEqual(['wave']);
    expect((await at.simulator.messages(GENERAL))[0]?.reactions).toMatchObject([{ name: 'wave', count: 2 }]);
  });

  it('reports what was removed before a failure', async () => {
    await using at = await start();
    output(await call(at, 'slack_add_reactions', { emojis: ['eyes', 'tada'] }));
    const failed = failure(await call(at, 'slack_remove_reactions', { emojis: ['eyes', 'no-such-emoji', 'tada'] }));
    expect(failed).toMatchObject({
      code: 'incomplete',
      output: { removed: ['eyes', 'tada'], not_removed: ['no-such-emoji'] },
    });
  });
});
