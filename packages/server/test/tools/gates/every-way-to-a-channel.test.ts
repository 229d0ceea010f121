import { describe, expect, it } from 'vitest';
import { allToolsets } from '../../../src/tools/toolsets/all-toolsets.ts';
import { BOTH_TOKENS, startWorkspace } from '../../mcp/support/start-workspace.ts';
import { type Args, leastArguments, propertiesOf } from '../support/example-arguments.ts';
import { failure } from '../support/results.ts';

const GENERAL = 'C0GENERAL1';
const LINK = `https://acme.slack.com/archives/${GENERAL}`;

/** Every way to name a channel or direct messages that the rules below deny. */
const REFERENCES = [
  'general',
  '#General',
  ` ${GENERAL} `,
  `<#${GENERAL}|general>`,
  `"#general"`,
  LINK,
  `${LINK}/p1700000000000100`,
  `https://app.slack.com/client/T0SIMULATR/${GENERAL}`,
  'D0ALICE001',
  '@alice',
  'U0ALICE001',
  '<@U0ALICE001|alice>',
  'alice@example.com',
];

/** Rules that deny all of them. */
const RULES = [['!*'], ['random'], ['C0RANDOM01'], ['!general', '!@dm'], [`!${GENERAL}`, '!@dm']];

/** Methods that only look up a channel or a person. */
const LOOKUPS = /^(conversations|users)\.(list|info|lookupByEmail)$/;

const inChannels = allToolsets.tools.filter((tool) => 'channel' in propertiesOf(tool));

/** Calls that name a denied channel: by each reference, and by links to its messages. */
function callsTo(tool: (typeof inChannels)[number]): Args[] {
  const args = leastArguments(tool);
  const { channel: _channel, ...others } = args;
  const links = ['timestamp', 'thread_ts'].filter((name) => name in propertiesOf(tool));
  return [
    ...REFERENCES.map((channel) => ({ ...args, channel })),
    ...links.map((name) => ({ ...others, [name]: `${LINK}/p1700000000000100` })),
    ...links.map((name) => ({ ...others, [name]: `<${LINK}/p1700000000000100?thread_ts=1700000000.000100|here>` })),
  ];
}

describe('a channel that the rules deny', () => {
  it.each(RULES.map((rules) => [rules]))('is reached by no tool with %j', async (rules) => {
    const host = { toolsets: ['all'], readChannels: rules, writeChannels: rules };
    await using at = await startWorkspace({ ...BOTH_TOKENS, host });
    for (const tool of inChannels) {
      for (const args of callsTo(tool)) {
        const { code } = failure(await at.host.callTool(tool.name, args));
        expect({ tool: tool.name, args, code }).toMatchObject({ code: 'not_allowed' });
      }
    }
    const called = new Set((await at.simulator.calls()).map(({ method }) => method));
    expect([...called].filter((method) => !LOOKUPS.test(method))).toEqual([]);
  });
});

describe('a caller that may only read', () => {
  const writing = allToolsets.tools.filter(({ annotations }) => !annotations.readOnlyHint);

  it.each(writing.map((tool) => [tool.name, tool] as const))('cannot call %s', async (name, tool) => {
    await using at = await startWorkspace({ ...BOTH_TOKENS, host: { toolsets: ['all'] } });
    const caller = { id: 'key:reader', kind: 'key', rights: 'read' } as const;
    for (const more of [{}, { preview: true }]) {
      const args = 'preview' in propertiesOf(tool) ? { ...leastArguments(tool), ...more } : leastArguments(tool);
      expect(failure(await at.host.callTool(name, args, { caller })).code).toBe('insufficient_rights');
    }
    expect(await at.simulator.calls()).toEqual([]);
  });
});
