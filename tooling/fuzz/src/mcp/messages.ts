import type { Chance } from '../chance.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The metadata of every message in the revision without sessions. */
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

const CHANNELS = ['C0123456789', 'general', '#general', '@alice', 'slack://x', ''];

/** Method and params of a valid request. `mark` is part of every text that it would write. */
function paramsOf(chance: Chance, mark: string): [method: string, params: { [name: string]: Json }] {
  const channel = chance.pick(CHANNELS);
  return chance.pick<[string, { [name: string]: Json }]>([
    [
      'initialize',
      {
        protocolVersion: chance.pick(['2025-11-25', '2025-06-18', '2024-11-05', '1']),
        capabilities: {},
        clientInfo: { name: 'fuzz', version: '0' },
      },
    ],
    ['ping', {}],
    ['server/discover', {}],
    ['notifications/initialized', {}],
    ['notifications/cancelled', { requestId: chance.below(50) }],
    ['tools/list', {}],
    ['prompts/list', {}],
    ['prompts/get', { name: 'slack_post_message', arguments: { channel } }],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: `slack://channels/${channel}/messages` }],
    ['resources/read', { uri: 'slack://emojis' }],
    ['resources/subscribe', { uri: `slack://channels/${channel}` }],
    ['resources/unsubscribe', { uri: 'slack://emojis' }],
    ['subscriptions/listen', { notifications: { toolsListChanged: true, resourceSubscriptions: ['slack://emojis'] } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'slack_post_message' }, argument: { name: 'channel', value: 'g' } },
    ],
    ['logging/setLevel', { level: 'debug' }],
    ['tasks/list', {}],
    ['tasks/get', { taskId: chance.word(10) }],
    ['tasks/result', { taskId: chance.word(10) }],
    ['tasks/cancel', { taskId: chance.word(10) }],
    ['tools/call', callOf(chance, channel, mark)],
    ['tools/call', callOf(chance, channel, mark)],
    ['tools/call', callOf(chance, channel, mark)],
    ['tools/call', { ...callOf(chance, channel, mark), task: { ttl: 1_000 } }],
  ]);
}

/** A tool call in the format of MCP and REST. */
export function callOf(chance: Chance, channel: string, mark: string): { [name: string]: Json } {
  return chance.pick<{ [name: string]: Json }>([
    { name: 'slack_post_message', arguments: { channel, text: mark } },
    { name: 'slack_thread_reply', arguments: { channel, thread_ts: '1700000000.000100', texts: [mark] } },
    { name: 'slack_add_reactions', arguments: { channel, timestamp: '1700000000.000100', emojis: ['eyes'] } },
    { name: 'slack_read_channel_messages', arguments: { channel, limit: 1 } },
    { name: 'slack_read_thread_messages', arguments: { channel, thread_ts: '1700000000.000100' } },
    { name: 'slack_read_emojis', arguments: {} },
    { name: chance.word(8), arguments: {} },
  ]);
}

/** One message. */
function messageOf(chance: Chance, { mark, isModern }: { mark: string; isModern: boolean }): Json {
  const [method, params] = paramsOf(chance, mark);
  const id = method.startsWith('notifications/') ? {} : { id: chance.below(1_000_000) };
  const meta: { [name: string]: Json } = isModern ? { _meta: ENVELOPE } : {};
  return { jsonrpc: '2.0', ...id, method, params: { ...params, ...meta } };
}

/** The text of a JSON-RPC body with one or several messages, most of them invalid. */
export function rpcText(
  chance: Chance,
  options: { mark: string; isModern: boolean },
): { text: string; method: string } {
  const isBatch = chance.once(12);
  const message = isBatch
    ? Array.from({ length: 1 + chance.below(chance.once(4) ? 120 : 6) }, () => messageOf(chance, options))
    : messageOf(chance, options);
  const method = Array.isArray(message) ? '' : String((message as { method: string }).method);
  return { text: mutateText(chance, JSON.stringify(mutate(chance, message))), method };
}

/** The text of a REST body. */
export function restText(chance: Chance, mark: string): string {
  return mutateText(chance, JSON.stringify(mutate(chance, callOf(chance, chance.pick(CHANNELS), mark))));
}

/** Changes nothing or a few places of a value. */
function mutate(chance: Chance, value: Json): Json {
  let changed = value;
  for (let times = chance.pick([0, 0, 1, 1, 2, 5]); times > 0; times -= 1) changed = changeOne(chance, changed);
  return changed;
}

function changeOne(chance: Chance, value: Json): Json {
  if (typeof value !== 'object' || value === null || chance.once(8)) return odd(chance);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const names = Object.keys(copy);
  if (names.length === 0 || chance.once(6)) {
    const name = chance.pick(['__proto__', 'constructor', 'toString', '', 'x', 'id', 'params', '_meta', 'arguments']);
    Object.defineProperty(copy, name, { value: odd(chance), enumerable: true, configurable: true, writable: true });
    return copy;
  }
  const name = chance.pick(names);
  if (chance.once(5) && !Array.isArray(copy)) delete copy[name];
  else Reflect.set(copy, name, changeOne(chance, Reflect.get(copy, name) as Json));
  return copy;
}

function odd(chance: Chance): Json {
  switch (chance.below(16)) {
    case 0:
      return null;
    case 1:
      return chance.once(2);
    case 2:
      return chance.pick([0, -1, 1.5, 1e308, 2 ** 53, -0]);
    case 3:
      return [];
    case 4:
      return {};
    case 5:
      return 'x'.repeat(chance.pick([1, 300, 5_000, 200_000]));
    case 6:
      return nested(chance.pick([5, 90, 200, 5_000]));
    case 7:
      return Array.from({ length: chance.pick([1, 50, 5_000]) }, (_, index) => index);
    case 8:
      return chance.pick([
        '\u0000',
        '\u202e',
        '\ud800',
        '\n',
        '\u001b[2J',
        '../../etc/passwd',
        '{{7*7}}',
        '<!channel>',
      ]);
    case 9:
      return chance.pick(['tools/call', 'initialize', '2026-07-28', 'slack://emojis', 'C0123456789']);
    case 10:
      return { __proto__: null, constructor: { prototype: { polluted: true } } };
    case 11:
      return "'<!here|".repeat(chance.pick([1, 100, 5_000]));
    case 12:
      return `slack://channels/${'x'.repeat(chance.pick([1, 1_990, 3_000, 100_000]))}`;
    default:
      return chance.word(1 + chance.below(40));
  }
}

/** Builds text instead of objects, because serializing deeply nested objects would overflow the stack. */
function nested(levels: number): Json {
  return levels > 100 ? '['.repeat(levels) : levels === 0 ? 1 : { a: nested(levels - 1) };
}

/** Sometimes breaks the text itself. */
function mutateText(chance: Chance, text: string): string {
  switch (chance.below(24)) {
    case 0:
      return text.slice(0, chance.below(text.length + 1));
    case 1: {
      const at = chance.below(text.length + 1);
      return `${text.slice(0, at)}${chance.pick(['{', '}', '"', '\u0000', ',', '\\', '[['])}${text.slice(at)}`;
    }
    case 2:
      return `\ufeff${text}`;
    case 3:
      return text.replace('{', '{"id":1,"id":2,"__proto__":{"polluted":1},');
    case 4:
      return chance.pick(['', ' ', 'null', '7', '[]', '{}', '"x"', '['.repeat(50_000), `[${'{},'.repeat(5_000)}{}]`]);
    default:
      return text;
  }
}
