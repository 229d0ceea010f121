import { encodedPayload, type JsonObject, type JsonValue, type QueuePayload } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'payload';

/** Properties for payloads and headers, which must arrive unchanged. */
export const payload: readonly Property[] = [
  {
    id: 'payload.unicode',
    title: 'Any string arrives unchanged: emoji, combining marks, right-to-left text, U+2028, NUL and lone surrogates.',
    section,
    run: (context) =>
      survive(context, {
        emoji: '👩‍👩‍👧‍👦🇺🇳🫠',
        combining: 'é ≠ é, Z̴̡a̷l̵g̶o̸',
        'right to left': 'שלום \u202eمرحبا\u202c',
        separators: 'a\u2028b\u2029c\u0085d',
        control: '\u0000\u0001\u001f\u007f\b\f\n\r\t\\"',
        lone: 'high \ud800 low \udfff reversed \udc00\ud800',
        'ключ 🔑': '𝕊𝕝𝕒𝕔𝕜',
      }),
  },
  {
    id: 'payload.structure',
    title: 'Any structure arrives unchanged: 200 levels, 10,000 members, empty values, names like `__proto__`.',
    section,
    async run(context) {
      let deep: JsonValue = 'bottom';
      for (let level = 0; level < 200; level += 1) deep = level % 2 === 0 ? [deep] : { level: deep };
      const wide = Object.fromEntries(
        Array.from({ length: context.count(10_000, 1_000) }, (_, index) => [`member ${index}`, index]),
      );
      const odd = JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":null,"":"empty"}',
      );
      await survive(context, { deep, wide, odd, empties: [{}, [], '', null, false, 0] });
      await survive(context, {});
      check.equal(({} as { polluted?: boolean }).polluted, undefined, 'Object.prototype.polluted');
    },
  },
  {
    id: 'payload.numbers',
    title:
      'Numbers from 5e-324 to 1e308 and long ids as strings arrive exactly; -0 becomes 0, and `undefined` is omitted.',
    section,
    async run(context) {
      const list = [2 ** 53 - 1, -(2 ** 53) + 1, 0.1, 1e308, 5e-324, -1.7976931348623157e308, 1e21];
      await survive(context, { list, id: '12345678901234567890', ts: '1355517523.000005' });
      await survive(context, { zero: -0, gone: undefined } as unknown as JsonObject, { zero: 0 });
    },
  },
  {
    id: 'payload.encoded',
    title: 'An encoded payload is stored byte for byte, and its parsed value is delivered.',
    section,
    async run(context) {
      const { inspect, namespace } = context;
      const backend = context.backend({ groups: ['workers'] });
      const texts = [
        '{ "big": 9007199254740993, "float": 1.50e+3,\n\t"list": [ ] }',
        '{"escaped":"\\u00e9\\/\\ud83d\\ude00","raw":"é😀\u2028","":null}',
        '{"twice":1,"twice":2,"__proto__":{"own":true}}',
        '{}',
      ];
      for (const text of texts) await context.within(backend.publish(KEY, encodedPayload(text)), 'publish');
      const reader = await context.consume(backend, { group: 'workers' });
      for (const text of texts) check.equal((await reader.next()).payload, JSON.parse(text), 'the payload');
      if (inspect.stored === undefined) return;
      const stored = await inspect.stored(namespace, KEY);
      check.equal(
        stored.map((bytes) => Buffer.from(bytes).toString()),
        texts,
        'the payloads at the broker',
      );
    },
  },
  {
    id: 'payload.not-json',
    title:
      'A payload that is not JSON is rejected with ERR_QUEUE_SERIALIZATION. Nothing is sent, and the publisher stays usable.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group: 'workers' });
      const circular: Record<string, unknown> = {};
      circular['self'] = { circular };
      const bad: unknown[] = [
        { value: Number.NaN },
        { deep: [{ value: Number.POSITIVE_INFINITY }] },
        { value: 10n },
        { value: () => {} },
        { value: Symbol('x') },
        { list: [undefined] },
        circular,
        [],
        'text',
        null,
        undefined,
      ];
      for (const [index, value] of bad.entries()) {
        await check.rejects(
          context.within(backend.publish(KEY, value as QueuePayload), 'publish'),
          'ERR_QUEUE_SERIALIZATION',
          `payload ${index}, ${typeof value}`,
        );
      }
      await context.expectExactly(reader, backend, [], 'payloads that are not JSON');
    },
  },
  {
    id: 'payload.large',
    title: 'A payload of 900 KB arrives unchanged.',
    section,
    async run(context) {
      const text = 'Slack – '.repeat(90_000);
      const { maxPayloadBytes } = context.capabilities;
      const fits = maxPayloadBytes === null || maxPayloadBytes >= 900_000 + 1000;
      await survive(context, { text: fits ? text.slice(0, 720_000) : 'x'.repeat(maxPayloadBytes - 100) });
    },
  },
  {
    id: 'payload.too-large',
    title:
      'A payload above `maxPayloadBytes` is rejected with ERR_QUEUE_PAYLOAD_TOO_LARGE, and the publisher stays usable.',
    section,
    needs: { capabilities: (declared) => (declared.maxPayloadBytes === null ? 'there is no limit' : undefined) },
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group: 'workers' });
      const limit = context.capabilities.maxPayloadBytes as number;
      const envelope = JSON.stringify({ text: '' }).length;
      const publish = backend.publish(KEY, { text: 'x'.repeat(limit - envelope + 1) });
      await check.rejects(context.within(publish, 'publish'), 'ERR_QUEUE_PAYLOAD_TOO_LARGE', 'one byte too many');
      const exact = 'é'.repeat(Math.floor((limit - envelope) / 2));
      await context.within(backend.publish(KEY, { text: exact }), 'publish of the largest payload');
      check.equal((await reader.next()).payload['text'] === exact, true, 'the largest payload arrived unchanged');
    },
  },
  {
    id: 'payload.copies',
    title:
      'Publisher, consumers, groups and redeliveries each have their own copy of a payload and see no changes by others.',
    section,
    async run(context) {
      const backend = context.backend();
      const first = await context.consume(backend, { group: 'first', ack: 'manual' });
      const second = await context.consume(backend, { group: 'second' });
      const independents = [await context.consume(backend), await context.consume(backend)];
      const published = { text: 'original', nested: { list: [1] } };
      const expected = structuredClone(published);
      const publishing = backend.publish(KEY, published);
      published.nested.list.push(2);
      await context.within(publishing, 'publish');
      published.text = 'changed by the publisher';
      const message = await first.next();
      check.equal(message.payload, expected, 'first delivery');
      (message.payload['nested'] as { list: number[] }).list.push(3);
      message.payload['text'] = 'changed by a consumer';
      await message.nack();
      check.equal((await first.next()).payload, expected, 'redelivery');
      for (const reader of [second, ...independents]) {
        const { payload: seen } = await reader.next();
        check.equal(seen, expected, 'delivery to another consumer');
        seen['text'] = 'changed by a consumer';
      }
    },
  },
  {
    id: 'payload.headers',
    title:
      'Header values arrive unchanged, whatever they contain. Malformed or reserved names and values that are not strings are rejected.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group: 'workers' });
      const headers = {
        'x-slack-retry-reason': 'http_timeout',
        unicode: '👋 שלום \u2028',
        control: 'a\u0000b\r\nc\td',
        empty: '',
        number: '007',
        json: '{"a":[1]}',
        long: 'x'.repeat(8000),
        constructor: 'own',
        'Case.Of_Names-1': 'Kept',
      };
      await context.publish(backend, [1], { headers });
      check.equal({ ...(await reader.next()).metadata.headers }, headers, 'headers');
      const bad: Record<string, unknown>[] = [
        { 'slack-mcp-message-id': 'forged' },
        { 'Slack-MCP-retry-count': '7' },
        { 'a b': 'space' },
        { '': 'empty' },
        { 'line\nbreak': 'x' },
        { ['x'.repeat(129)]: 'long' },
        { number: 1 },
        { missing: null },
        { list: ['a'] },
      ];
      for (const refused of bad) {
        await check.rejects(
          context.within(backend.publish(KEY, {}, { headers: refused as Record<string, string> }), 'publish'),
          'ERR_QUEUE_SERIALIZATION',
          `headers ${JSON.stringify(refused).slice(0, 60)}`,
        );
      }
      await context.expectExactly(reader, backend, [], 'rejected headers');
    },
  },
];

/** Publishes a payload and expects a group and an independent consumer to receive `expected`. */
async function survive(context: PropertyContext, sent: JsonObject, expected: JsonObject = sent): Promise<void> {
  const backend = context.backend();
  const readers = [await context.consume(backend, { group: 'workers' }), await context.consume(backend)];
  await context.within(backend.publish(KEY, sent), 'publish');
  for (const reader of readers) {
    const message = await reader.next();
    check.equal(message.payload, expected, 'payload');
    await message.ack();
    await reader.close();
  }
}
