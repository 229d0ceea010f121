import { describe, expect, it } from 'vitest';
import { listedTools } from '../src/listed-tools.ts';
import { report } from '../src/report.ts';
import type { EvalRequest, ExpectedCall, ToolCall } from '../src/request.ts';
import { argumentErrors } from '../src/score/argument-errors.ts';
import { matchCalls } from '../src/score/match-calls.ts';
import { score } from '../src/score/score.ts';

const { tools } = listedTools(['all']);
const call = (tool: string, args: object = {}): ToolCall => ({ tool: `slack_${tool}`, arguments: { ...args } });
const request = (...calls: readonly ExpectedCall[]): EvalRequest => ({
  ...{ id: 'x', wish: 'x', request: 'x', wanted: [] },
  calls,
});

describe('arguments', () => {
  const edit = tools.find(({ name }) => name === 'slack_edit_message');
  const expected = { channel: 'releases', timestamp: '1700002500.000100', text: 'Release 4.3 is frozen' };
  const errors = (given: object) => edit && argumentErrors(edit, { ...given }, expected);

  it.each<[string, object]>([
    ['as expected', {}],
    ['the id of the channel', { channel: 'C0RELEASES' }],
    ['the name with #', { channel: '#releases' }],
    ['a link to the message', { timestamp: 'https://example.slack.com/archives/C0RELEASES/p1700002500000100' }],
    ['other words around the text', { text: 'Correction: release 4.3 is frozen.' }],
    ['a further argument', { preview: true }],
  ])('are right with %s', (_what, given) => {
    expect(errors({ ...expected, ...given })).toEqual([]);
  });

  it.each([
    ['unknown', { ...expected, priority: 'high' }, 'priority'],
    ['missing', { ...expected, timestamp: undefined }, 'timestamp'],
    ['invalid', { ...expected, channel: 7 }, 'channel'],
    ['different', { ...expected, channel: 'random' }, 'channel'],
    ['different', { ...expected, text: 'Release 4.2 is frozen' }, 'text'],
    ['different', { ...expected, timestamp: '1700002500.000200' }, 'timestamp'],
  ])('have the error %s', (kind, given, argument) => {
    expect(errors(given)).toEqual([{ kind, argument }]);
  });

  it('compare lists and objects by their items', () => {
    const add = tools.find(({ name }) => name === 'slack_add_reactions');
    const wanted = { channel: 'general', timestamp: '1700004000.000100', emojis: ['eyes', 'tada'] };
    expect(add && argumentErrors(add, { ...wanted, emojis: [':tada:', 'eyes'] }, wanted)).toEqual([]);
    expect(add && argumentErrors(add, { ...wanted, emojis: ['eyes'] }, wanted)).toEqual([
      { kind: 'different', argument: 'emojis' },
    ]);
    const any = tools.find(({ name }) => name === 'slack_call_method');
    const list = { method: 'pins.list', arguments: { channel: 'C0RELEASES' } };
    expect(any && argumentErrors(any, { ...list, arguments: { channel: 'releases' } }, list)).toEqual([]);
    expect(any && argumentErrors(any, { ...list, arguments: {} }, list)).toEqual([
      { kind: 'different', argument: 'arguments' },
    ]);
  });
});

describe('calls', () => {
  it('are paired by tool first, then as confusions, and the rest is extra', () => {
    const expected = [call('find', { query: 'x' }), call('join_channel', { channel: 'general' })];
    const made = [call('list_unreads'), call('find', { query: 'x' }), call('read_emojis')];
    expect(matchCalls(tools, expected, made).map((pair) => [pair.expected, pair.made])).toEqual([
      ['slack_find', 'slack_find'],
      ['slack_join_channel', 'slack_list_unreads'],
      ['(none)', 'slack_read_emojis'],
    ]);
    expect(matchCalls(tools, expected.slice(0, 1), [])).toEqual([
      { expected: 'slack_find', made: '(none)', errors: [] },
    ]);
  });

  it('may be any of the calls that are as good', () => {
    const expected = { ...call('find', { query: 'Erin' }), or: [call('read_user', { user: '@erin' })] };
    expect(matchCalls(tools, [expected], [call('read_user', { user: 'U0ERIN0001' })])).toEqual([
      { expected: 'slack_read_user', made: 'slack_read_user', errors: [] },
    ]);
  });
});

it('an argument may be left open', () => {
  const create = { action: 'create', title: 'Plan', content: '# Plan' };
  const expected = { ...call('edit_canvas', { ...create, channel: 'general' }), any: ['channel'] };
  const [random] = matchCalls(tools, [expected], [call('edit_canvas', { ...create, channel: 'random' })]);
  expect(random?.errors).toEqual([]);
  const [none] = matchCalls(tools, [expected], [call('edit_canvas', create)]);
  expect(none?.errors).toEqual([{ kind: 'missing', argument: 'channel' }]);
});

it('a score counts requests, precision, recall, confusions and errors', () => {
  const find = call('find', { query: 'x' });
  const { tools: byTool, ...rest } = score(tools, [
    { request: request(find), calls: [find] },
    { request: request(find), calls: [call('find', {})] },
    { request: request(find), calls: [call('list_unreads')] },
    { request: request(call('list_unreads')), calls: [call('list_unreads'), find] },
  ]);
  expect(rest).toEqual({
    requests: 4,
    chosen: 2,
    exact: 1,
    confusions: [
      { expected: 'slack_find', made: 'slack_list_unreads', count: 1 },
      { expected: '(none)', made: 'slack_find', count: 1 },
    ],
    argumentErrors: { unknown: 0, missing: 1, invalid: 0, different: 0 },
  });
  expect(byTool).toEqual([
    { tool: 'slack_find', precision: 2 / 3, recall: 2 / 3, expected: 3 },
    { tool: 'slack_list_unreads', precision: 1 / 2, recall: 1, expected: 1 },
  ]);
  const text = report('Test', { tools: byTool, ...rest });
  expect(text).toContain('the right tools for 2 of 4 requests (50.0 %), 1 of them with the right arguments');
  expect(text).toMatch(/slack_find +66\.7 % +66\.7 % +3/);
  expect(text).toContain('1  slack_find → slack_list_unreads');
});
