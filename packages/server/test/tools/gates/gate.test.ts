import { ConfigurationError } from '@slack-mcp/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChannelFacts, parseChannelRules } from '../../../src/tools/gates/channel-rules.ts';
import { type GateRequest, type GateRules, gate } from '../../../src/tools/gates/gate.ts';
import { type GateOptions, resolveGateRules } from '../../../src/tools/gates/gate-rules.ts';

const rulesOf = (options: GateOptions): GateRules => resolveGateRules(options);

const general: ChannelFacts = { id: 'C0GENERAL1', name: 'general', direct: false, external: false };
const leads: ChannelFacts = { id: 'C0PRIVATE1', name: 'leads', direct: false, external: false };
const group123: ChannelFacts = { id: 'C0GROUP001', name: 'group123', direct: false, external: false };
const week2024: ChannelFacts = { id: 'C0WEEK0001', name: 'week2024', direct: false, external: false };
const channel2024: ChannelFacts = { id: 'C0CHANNEL2', name: 'channel2024', direct: false, external: false };
const partner: ChannelFacts = { id: 'C0PARTNER1', name: 'ext-partner', direct: false, external: true };
const group: ChannelFacts = { id: 'C0GROUPDM1', name: undefined, direct: true, external: false };
const alice: ChannelFacts = { id: 'D0ALICE001', direct: true, external: false };
const aliceHerself: ChannelFacts = { id: 'U0ALICE001', direct: true };

const allowed = (options: GateOptions, request: GateRequest): boolean => gate(rulesOf(options), request) === undefined;

describe('lists of channels', () => {
  it.each<[string[], ChannelFacts, boolean]>([
    [[], general, true],
    [[], alice, true],
    [['general'], general, true],
    [['#general'], general, true],
    [['#GENERAL'], general, true],
    [['GENERAL'], general, true],
    [['C0GENERAL1'], general, true],
    [['general'], leads, false],
    [['gener'], general, false],
    [['C0GENERAL'], general, false],
    [['general'], alice, false],
    [['*'], general, true],
    [['*'], alice, true],
    [['@dm'], alice, true],
    [['@DMs'], aliceHerself, true],
    [['@dm'], group, true],
    [['@dm'], general, false],
    [['D0ALICE001'], alice, true],
    [['D0ALICE001'], aliceHerself, false],
    [['!general'], general, false],
    [['!general'], leads, true],
    [['!general'], alice, true],
    [['!@dm'], alice, false],
    [['!@dm'], aliceHerself, false],
    [['!@dm'], general, true],
    [['!*'], general, false],
    [['!D0ALICE001'], aliceHerself, false],
    [['*', '!leads'], leads, false],
    [['leads', '!C0PRIVATE1'], leads, false],
    [['!leads', 'leads'], leads, false],
    [['!GROUP123'], group123, false],
    [['!GROUP123'], general, true],
    [['GROUP123'], group123, true],
    [['!WEEK2024'], week2024, false],
    [['!CHANNEL2024'], channel2024, false],
    [['!C0CHANNEL2'], channel2024, false],
    [['!CHANNEL2024'], general, true],
    [['!CHANNEL2024'], { ...general, id: 'CHANNEL2024' }, false],
    // May be an id: the entry does not allow a channel of that name.
    [['CHANNEL2024'], channel2024, false],
    [['#CHANNEL2024'], channel2024, true],
    [['CHANNEL2024'], { ...general, id: 'CHANNEL2024' }, true],
    [['general', '@dm', '!D0ALICE001'], alice, false],
    // The accent is a separate character, as some keyboards and file systems write it.
    [['!cafe\u0301'], { ...general, name: 'caf\u00e9' }, false],
    [['!CAFE\u0301'], { ...general, name: 'caf\u00e9' }, false],
    [['cafe\u0301'], { ...general, name: 'caf\u00e9' }, true],
    [['!caf\u00e9'], { ...general, name: 'cafe\u0301' }, false],
    // Another name does not bypass a denial, and an old name does not grant access.
    [['!hr'], { ...general, name: 'people', otherNames: ['hr'] }, false],
    [['!#HR'], { ...general, name: 'people', otherNames: ['old', 'hr'] }, false],
    [['hr'], { ...general, name: 'people', otherNames: ['hr'] }, false],
    [['!people'], { ...general, name: 'people', otherNames: ['hr'] }, false],
    // A property that Slack does not return could be the one in the list.
    [['!hr'], { id: 'C0GENERAL1', direct: false }, false],
    [['general'], { id: 'C0GENERAL1', direct: false }, false],
    [['!@dm'], { id: 'C0GENERAL1', direct: false }, false],
    [['!C0OTHER001'], { id: 'C0GENERAL1', direct: false }, true],
    [['!leads'], { ...leads, id: 'G0PRIVATE1' }, false],
  ])('%j for %o: %s', (list, channel, expected) => {
    expect(allowed({ writeChannels: list }, { writes: true, channel })).toBe(expected);
    expect(allowed({ readChannels: list }, { writes: false, channel })).toBe(expected);
    // A list applies only to its own kind of access.
    expect(allowed({ writeChannels: list }, { writes: false, channel })).toBe(true);
    expect(allowed({ readChannels: list }, { writes: true, channel })).toBe(true);
  });

  it.each([
    '',
    '!',
    '!!general',
    'proj-*',
    '@alice',
    'U0ALICE001',
    'two words',
    'a,b',
    '#',
    '<#C0GENERAL1>',
    '"café"',
    "'hr'",
    '“hr”',
    '«hr»',
    'hr;',
    '(hr)',
    'h\u200br',
  ])('reject the entry %j, which could never match, and name the setting', (entry) => {
    const parse = () => parseChannelRules('SLACK_MCP_READ_CHANNELS', [entry]);
    expect(parse).toThrow(ConfigurationError);
    expect(parse).toThrow('SLACK_MCP_READ_CHANNELS');
  });
});

describe('channels shared with other organizations', () => {
  it.each<['allow' | 'read' | 'deny', ChannelFacts, boolean, boolean]>([
    ['allow', partner, true, true],
    ['read', partner, true, false],
    ['deny', partner, false, false],
    ['allow', aliceHerself, true, true],
    ['read', aliceHerself, true, false],
    ['deny', aliceHerself, false, false],
    ['deny', general, true, true],
    ['deny', alice, true, true],
  ])('with %s and %o: read %s, write %s', (externalChannels, channel, mayRead, mayWrite) => {
    expect(allowed({ externalChannels }, { writes: false, channel })).toBe(mayRead);
    expect(allowed({ externalChannels }, { writes: true, channel })).toBe(mayWrite);
  });
});

describe('a rejection', () => {
  it.each<[GateOptions, GateRequest, string, RegExp]>([
    [{ readOnly: true }, { writes: true, channel: general }, 'SLACK_MCP_READ_ONLY', /makes this server read-only/],
    [{ writeChannels: ['leads'] }, { writes: true, channel: general }, 'SLACK_MCP_WRITE_CHANNELS', /#general.*leads/],
    [{ readChannels: ['!general'] }, { writes: false, channel: general }, 'SLACK_MCP_READ_CHANNELS', /denies reading/],
    [{ externalChannels: 'read' }, { writes: true, channel: partner }, 'SLACK_MCP_EXTERNAL_CHANNELS', /#ext-partner/],
    [
      { externalChannels: 'read' },
      { writes: true, channel: aliceHerself },
      'SLACK_MCP_EXTERNAL_CHANNELS',
      /id of the direct message /,
    ],
  ])('names the setting, the channel and what to do: %j', (options, request, setting, message) => {
    const refusal = gate(rulesOf(options), request);
    expect(refusal?.setting).toBe(setting);
    expect(refusal?.message).toMatch(message);
    expect(refusal?.message).toMatch(new RegExp(`^${setting} `));
  });
});

/** Names and ids shared by rules and channels, so that they match. */
const names = ['general', 'leads', 'random', 'ext-partner'];
const ids = ['C0GENERAL1', 'C0PRIVATE1', 'G0RANDOM01', 'D0ALICE001', 'D0BOB00001'];
const positive = fc.constantFrom('*', '@dm', ...names, ...names.map((name) => `#${name.toUpperCase()}`), ...ids);
const entry = fc.tuple(positive, fc.boolean()).map(([text, denied]) => (denied ? `!${text}` : text));
const list = fc.array(entry, { maxLength: 6 });
const channels = fc.oneof(
  fc.record({
    id: fc.constantFrom('C0GENERAL1', 'C0PRIVATE1', 'G0RANDOM01', 'C0OTHER001'),
    name: fc.constantFrom(...names, 'other'),
    direct: fc.constant(false),
    external: fc.boolean(),
  }),
  fc.record({
    id: fc.constantFrom('D0ALICE001', 'D0BOB00001', 'U0ALICE001', 'C0GROUPDM1'),
    direct: fc.constant(true),
    external: fc.constantFrom(true, false, undefined),
  }),
);
const external = fc.constantFrom('allow' as const, 'read' as const, 'deny' as const);
const writes = fc.boolean();

/** Whether the lists allow the channel, with the same list for both kinds of access. */
function passes(entries: string[], channel: ChannelFacts, access: boolean, ext: 'allow' | 'read' | 'deny' = 'allow') {
  const options = { readChannels: entries, writeChannels: entries, externalChannels: ext };
  return allowed(options, { writes: access, channel });
}

describe('the gate', () => {
  it('does not depend on the order of a list', () => {
    fc.assert(
      fc.property(
        list.chain((entries) =>
          fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
        ),
        channels,
        writes,
        ([entries, shuffled], channel, access) => {
          expect(passes(shuffled, channel, access)).toBe(passes(entries, channel, access));
        },
      ),
    );
  });

  it('never allows more after adding a denial', () => {
    fc.assert(
      fc.property(list, positive, channels, writes, (entries, denied, channel, access) => {
        if (!passes(entries, channel, access)) expect(passes([...entries, `!${denied}`], channel, access)).toBe(false);
      }),
    );
  });

  it('never allows a denied channel, whatever else is allowed', () => {
    fc.assert(
      fc.property(list, positive, channels, writes, (entries, text, channel, access) => {
        if (!passes([`!${text}`], channel, access)) {
          expect(passes([...entries, `!${text}`, text, '*'], channel, access)).toBe(false);
        }
      }),
    );
  });

  it('allows exactly what is allowed and not denied', () => {
    fc.assert(
      fc.property(list, channels, writes, (entries, channel, access) => {
        const allow = entries.filter((text) => !text.startsWith('!'));
        const deny = entries.filter((text) => text.startsWith('!'));
        const expected =
          (allow.length === 0 || allow.some((text) => passes([text], channel, access))) &&
          deny.every((text) => passes([text], channel, access));
        expect(passes(entries, channel, access)).toBe(expected);
      }),
    );
  });

  it('allows all channels without a list', () => {
    fc.assert(
      fc.property(channels, writes, (channel, access) => {
        expect(passes([], channel, access)).toBe(true);
        expect(passes(['*'], channel, access)).toBe(true);
        expect(passes(['!*'], channel, access)).toBe(false);
      }),
    );
  });

  it('never allows writing without reading for any setting for shared channels, and treats unknown as shared', () => {
    fc.assert(
      fc.property(list, channels, external, (entries, channel, choice) => {
        if (passes(entries, channel, true, choice)) expect(passes(entries, channel, false, choice)).toBe(true);
        const shared = { ...channel, external: true };
        const unknown = { ...channel, external: undefined };
        expect(passes(entries, unknown, true, choice)).toBe(passes(entries, shared, true, choice));
      }),
    );
  });

  it('allows no writing when it is read-only', () => {
    fc.assert(
      fc.property(list, list, channels, (readChannels, writeChannels, channel) => {
        expect(allowed({ readOnly: true, readChannels, writeChannels }, { writes: true, channel })).toBe(false);
        expect(allowed({ readOnly: true, readChannels, writeChannels }, { writes: false, channel })).toBe(
          allowed({ readChannels, writeChannels }, { writes: false, channel }),
        );
      }),
    );
  });

  it('makes the same decision every time, and changes nothing', () => {
    fc.assert(
      fc.property(list, channels, writes, (entries, channel, access) => {
        const rules = rulesOf({ readChannels: entries, writeChannels: entries });
        const before = JSON.stringify(rules);
        const request = Object.freeze({ writes: access, channel: Object.freeze(channel) });
        expect(gate(rules, request)).toEqual(gate(rules, request));
        expect(JSON.stringify(rules)).toBe(before);
      }),
    );
  });
});
