import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutraliseBroadcastsIn } from '../../../src/tools/gates/neutralise-broadcasts.ts';
import type { ListedMethod } from '../../../src/tools/toolsets/methods/method-table.ts';
import { LISTED_METHODS } from '../../../src/tools/toolsets/methods/method-table.ts';
import { BOTH_TOKENS, startWorkspace } from '../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../support/open-host.ts';
import { failure, output } from '../support/results.ts';

const GENERAL = 'C0GENERAL1';
const LINK = `https://acme.slack.com/archives/${GENERAL}`;
const methods = [...LISTED_METHODS.values()];
const LOOKUPS = /^(conversations|users)\.(list|info|lookupByEmail)$/;

const start = (host: Partial<TestHostOptions>) =>
  startWorkspace({ ...BOTH_TOKENS, host: { toolsets: ['methods'], ...host } });

/** A valid value for every argument of a method, except the channels. */
function argumentsOf({ arguments: schema, channels, users }: ListedMethod): Record<string, unknown> {
  const values = Object.entries(schema.properties)
    .filter(([name]) => !channels.includes(name))
    .map(([name, { type, ...rest }]) => {
      if (users.includes(name) && type === 'string') return [name, 'U0ALICE001'];
      if (Array.isArray((rest as { enum?: unknown[] }).enum)) return [name, (rest as { enum: unknown[] }).enum[0]];
      const [first] = [type].flat();
      return [name, { string: 'x', number: 1, boolean: true, array: [], object: {} }[first as 'string']];
    });
  return Object.fromEntries(values);
}

const REFERENCES = ['general', '#General', ` ${GENERAL} `, `<#${GENERAL}|general>`, LINK, 'D0ALICE001', '@alice'];
const RULES = [['!*'], ['random'], ['!general', '!@dm'], [`!${GENERAL}`, '!@dm']];

describe('a channel that the rules deny', () => {
  const inChannels = methods.filter(({ channels }) => channels.length > 0);

  it.each(RULES.map((rules) => [rules]))('is reached by no method with %j', async (rules) => {
    await using at = await start({ readChannels: rules, writeChannels: rules });
    for (const method of inChannels) {
      for (const reference of REFERENCES) {
        for (const argument of method.channels) {
          const args = { ...argumentsOf(method), [argument]: reference };
          const result = await at.host.callTool('slack_call_method', { method: method.name, arguments: args });
          expect([method.name, reference, failure(result).code]).toEqual([method.name, reference, 'not_allowed']);
        }
      }
    }
    const called = new Set((await at.simulator.calls()).map(({ method }) => method));
    expect([...called].filter((name) => !LOOKUPS.test(name))).toEqual([]);
  });

  it('is reached by no method, however it is spelled', async () => {
    await using at = await start({ readChannels: ['!general', '!@dm'], writeChannels: ['!general', '!@dm'] });
    const space = fc.constantFrom('', ' ', '\t', '\u00a0', '\u200b');
    const cased = fc.constantFrom('general', 'General', 'GENERAL', 'gen\u200beral');
    const spelled = fc.oneof(
      fc.tuple(fc.constantFrom('', '#', '##'), cased).map((parts) => parts.join('')),
      fc.constantFrom(GENERAL, GENERAL.toLowerCase(), `<#${GENERAL}>`, `<#${GENERAL}|random>`, `"${GENERAL}"`),
      fc.constantFrom(LINK, `<${LINK}>`, `${LINK}/p1700000000000100?thread_ts=1700000000.000100&cid=${GENERAL}`),
      fc.constantFrom('D0ALICE001', '@alice', 'U0ALICE001', '<@U0ALICE001>', 'alice@example.com'),
    );
    const reference = fc.tuple(space, spelled, space).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...inChannels), reference, fc.nat(), async (method, channel, index) => {
        const argument = method.channels[index % method.channels.length] ?? '';
        const args = { ...argumentsOf(method), [argument]: channel };
        failure(await at.host.callTool('slack_call_method', { method: method.name, arguments: args }));
      }),
      { numRuns: 300 },
    );
    const called = new Set((await at.simulator.calls()).map(({ method }) => method));
    expect([...called].filter((name) => !LOOKUPS.test(name))).toEqual([]);
  });

  it('is not reached as one of several', async () => {
    const inLists = methods.filter(({ channels }) => channels.some((name) => name.endsWith('s')));
    expect(inLists.length).toBeGreaterThan(1);
    await using at = await start({ readChannels: ['!general'], writeChannels: ['!general'] });
    for (const method of inLists) {
      for (const list of ['random,general', ['random', GENERAL]]) {
        const args = { ...argumentsOf(method), [String(method.channels[0])]: list };
        const result = await at.host.callTool('slack_call_method', { method: method.name, arguments: args });
        expect(failure(result).code).toBe('not_allowed');
      }
    }
  });
});

describe('a method that can reach any channel', () => {
  const anywhere = methods.filter(({ reach }) => reach === 'anywhere');

  it.each<[Partial<TestHostOptions>]>([
    [{ readChannels: ['!hr'] }],
    [{ readChannels: ['general'] }],
    [{ externalChannels: 'deny' }],
  ])('is refused with %j', async (rules) => {
    await using at = await start(rules);
    expect(anywhere.length).toBeGreaterThan(20);
    for (const method of anywhere) {
      const result = await at.host.callTool('slack_call_method', {
        method: method.name,
        arguments: { ...argumentsOf(method), ...Object.fromEntries(method.channels.map((name) => [name, GENERAL])) },
      });
      expect([method.name, failure(result).code]).toEqual([method.name, 'not_allowed']);
    }
    expect(await at.simulator.calls()).toEqual([]);
  });

  it('is refused for writing, if only the channels to write to are restricted', async () => {
    await using at = await start({ writeChannels: ['general'] });
    const create = { method: 'conversations.create', arguments: { name: 'new' } };
    expect(failure(await at.host.callTool('slack_call_method', create)).details).toEqual({
      setting: 'SLACK_MCP_WRITE_CHANNELS',
    });
    const search = { method: 'search.messages', arguments: { query: 'welcome' } };
    expect(output(await at.host.callTool('slack_call_method', search))).toHaveProperty('answer');
  });
});

describe('an answer with channels of others', () => {
  it.each(methods.filter(({ reach }) => reach.includes('.')).map(({ name, reach }) => [name, reach]))(
    '%s lists no denied channel (%s)',
    async (name, reach) => {
      const [list = '', id = ''] = reach.split('.');
      await using at = await start({ readChannels: ['!general'], toolsets: ['all'] });
      const post_at = Math.floor(Date.now() / 1_000) + 3_600;
      const { workspace } = at.simulator;
      for (const channel of ['general', 'random']) {
        output(await at.host.callTool('slack_schedule_message', { channel, text: 'Later', post_at }));
        const { id } = workspace.channel(channel);
        const ts = workspace.messages(id)[0]?.ts ?? '';
        workspace.addReaction(id, ts, workspace.bot.userId, 'eyes');
        workspace.personal.stars.push({ user: 'U0ALICE001', created: 1, channel: id, ts, file: undefined });
      }
      const { answer } = output(await at.host.callTool('slack_call_method', { method: name, arguments: {} }));
      expect(answer[list].length).toBeGreaterThan(0);
      expect(answer[list].map((item: Record<string, unknown>) => item[id])).not.toContain(GENERAL);
      expect(answer.withheld).toContain('may not be read');
    },
  );
});

describe('direct messages', () => {
  it('are opened only with people to whom the rules allow to write', async () => {
    await using at = await start({ writeChannels: ['general'] });
    const open = { method: 'conversations.open', arguments: { users: 'U0ALICE001,U0BOB00001' } };
    expect(failure(await at.host.callTool('slack_call_method', open)).code).toBe('not_allowed');
    expect(await at.simulator.calls('conversations.open')).toEqual([]);
  });
});

describe('the rules for reading and for writing', () => {
  it('apply by the effect of the method', async () => {
    await using at = await start({ readChannels: ['random'], writeChannels: ['general'] });
    const call = (method: string, args: object) => at.host.callTool('slack_call_method', { method, arguments: args });
    expect(failure(await call('conversations.info', { channel: GENERAL })).code).toBe('not_allowed');
    expect(failure(await call('chat.postMessage', { channel: 'random', text: 'x' })).code).toBe('not_allowed');
    output(await call('conversations.info', { channel: 'random' }));
    output(await call('chat.postMessage', { channel: GENERAL, text: 'x' }));
  });
});

describe('a mention of a whole channel', () => {
  it('is disabled wherever it is in a value', () => {
    const mention = fc.constantFrom('<!channel>', '<!here|here>', '@everyone', { type: 'broadcast', range: 'here' });
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        mention,
        fc.string(),
        fc.integer(),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        const sent = JSON.stringify(neutraliseBroadcastsIn(given as never));
        expect(sent).not.toMatch(/<!(channel|here|everyone)|"type":"broadcast"/);
      }),
    );
  });
});
