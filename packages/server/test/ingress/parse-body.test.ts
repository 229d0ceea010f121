import { createHash } from 'node:crypto';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, test } from 'vitest';
import { isSslCheck, parseBody } from '../../src/ingress/parse-body.ts';
import { FORM_TYPE, form, JSON_TYPE } from '../support/signed.ts';

function parse(type: string | undefined, body: string | Buffer) {
  return parseBody(type, Buffer.from(body as string));
}

function delivery(type: string, body: string) {
  const parsed = parse(type, body);
  if (parsed.type !== 'delivery') throw new Error(`parsed as ${parsed.type}`);
  return parsed.delivery;
}

describe('parseBody', () => {
  test.each([
    ['event', { type: 'event_callback', event: { type: 'app_mention', channel: 'C1' } }, 'app_mention', 'C1'],
    ['event', { type: 'event_callback', event: { type: 'message', channel_type: 'im' } }, 'message', undefined],
    [
      'event',
      { type: 'event_callback', event: { type: 'channel_created', channel: { id: 'C2' } } },
      'channel_created',
      'C2',
    ],
    [
      'event',
      { type: 'event_callback', event: { type: 'reaction_added', item: { channel: 'C3' } } },
      'reaction_added',
      'C3',
    ],
    ['event', { type: 'event_callback', event: { type: 'file_shared', channel_id: 'C4' } }, 'file_shared', 'C4'],
    ['event', { type: 'event_callback', event: { type: 'unheard_of' } }, 'unheard_of', undefined],
    ['event', { type: 'app_rate_limited', minute_rate_limited: 1 }, 'app_rate_limited', undefined],
  ])('%s %j is %s in %s', (family, payload, kind, channel) => {
    expect(delivery(JSON_TYPE, JSON.stringify(payload))).toMatchObject({ family, kind, payload });
    expect(delivery(JSON_TYPE, JSON.stringify(payload)).channel).toBe(channel);
  });

  test.each([
    [{ type: 'block_actions', channel: { id: 'C1' } }, 'C1'],
    [{ type: 'block_actions', container: { channel_id: 'C2' } }, 'C2'],
    [{ type: 'view_submission', view: {} }, undefined],
    [{ type: 'block_suggestion' }, undefined],
  ])('finds the channel of the interaction %j', (payload, channel) => {
    const parsed = delivery(FORM_TYPE, form({ payload: JSON.stringify(payload) }));
    expect(parsed).toMatchObject({ family: 'interaction', kind: payload.type, payload });
    expect(parsed.channel).toBe(channel);
  });

  test('reads a command as its form fields', () => {
    const fields = {
      command: '/deploy',
      text: 'now & here = 1+1 é',
      channel_id: 'C1',
      trigger_id: '12.34',
      ssl_check: '0',
    };
    expect(delivery(FORM_TYPE, form(fields))).toEqual({
      family: 'command',
      kind: 'slash_command',
      body: fields,
      payload: fields,
      messageId: '12.34',
      channel: 'C1',
    });
  });

  test('uses the event id, or the trigger id, or the hash of the body as the id', () => {
    const event = { type: 'event_callback', event: { type: 'message' } };
    expect(delivery(JSON_TYPE, JSON.stringify({ ...event, event_id: 'Ev1', trigger_id: '1.2' })).messageId).toBe('Ev1');
    expect(delivery(JSON_TYPE, JSON.stringify({ ...event, event_id: '', trigger_id: '1.2' })).messageId).toBe('1.2');
    const raw = JSON.stringify({ ...event, event_id: '', trigger_id: '' });
    expect(delivery(JSON_TYPE, raw).messageId).toBe(createHash('sha256').update(raw).digest('hex'));
  });

  test.each([
    { payload: JSON.stringify({ type: 'block_suggestion', action_id: 'city', value: 'ber' }) },
    { payload: JSON.stringify({ type: 'view_closed', view: { id: 'V1' } }) },
    { command: '/deploy' },
  ])('gives each request its own id if Slack never repeats it: %j', (fields) => {
    const ids = [delivery(FORM_TYPE, form(fields)), delivery(FORM_TYPE, form(fields))].map((one) => one.messageId);
    expect(new Set(ids).size).toBe(2);
  });

  test('keeps key order, unusual keys and the last of duplicate keys', () => {
    const raw =
      '{"z":1,"type":"event_callback","__proto__":{"polluted":1},"a":1,"a":2,"event":{"type":"message","constructor":"x"}}';
    const { payload } = delivery(JSON_TYPE, raw);
    expect(JSON.stringify(payload)).toBe(
      '{"z":1,"type":"event_callback","__proto__":{"polluted":1},"a":2,"event":{"type":"message","constructor":"x"}}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify(delivery(FORM_TYPE, 'command=%2Fx&__proto__=y').payload)).toBe(
      '{"command":"/x","__proto__":"y"}',
    );
  });

  test.each([
    ['not JSON', JSON_TYPE, '{"type":'],
    ['an array', JSON_TYPE, '[]'],
    ['a string', JSON_TYPE, '"event_callback"'],
    ['null', JSON_TYPE, 'null'],
    ['nothing', JSON_TYPE, ''],
    ['an empty object', JSON_TYPE, '{}'],
    ['a type that is not a string', JSON_TYPE, '{"type":5}'],
    ['an event without a type', JSON_TYPE, '{"type":"event_callback","event":{}}'],
    ['an event that is not an object', JSON_TYPE, '{"type":"event_callback","event":"message"}'],
    ['an envelope without an event', JSON_TYPE, '{"type":"event_callback"}'],
    ['a handshake without a challenge', JSON_TYPE, '{"type":"url_verification","challenge":7}'],
    ['bytes that are not UTF-8', JSON_TYPE, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an unrelated form', FORM_TYPE, 'a=b'],
    ['an empty form', FORM_TYPE, ''],
    ['a payload that is not JSON', FORM_TYPE, 'payload=%7B'],
    ['a payload without a type', FORM_TYPE, 'payload=%7B%7D'],
  ])('rejects %s as malformed', (_name, type, body) => {
    expect(parse(type, body).type).toBe('malformed');
  });

  test.each([undefined, '', 'text/plain', 'application/jsonp', 'multipart/form-data; boundary=x'])(
    'recognizes a body by its content under the media type %s',
    (type) => {
      expect(parse(type, '{"type":"event_callback","event":{"type":"message"}}').type).toBe('delivery');
      expect(parse(type, ' \n{"type":"event_callback","event":{"type":"message"}}').type).toBe('delivery');
      expect(parse(type, 'token=x&command=%2Fdeploy').type).toBe('delivery');
      for (const other of ['', 'hello', '[1]', 'a=b', '<command=1>', 'x command=/deploy']) {
        expect(parse(type, other).type).toBe('unsupported_media_type');
      }
    },
  );

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON;charset=UTF-8', ' application/json '])(
    'rejects the media type %s',
    (type) => {
      expect(parse(type, '{"type":"event_callback","event":{"type":"message"}}').type).toBe('delivery');
    },
  );

  test('treats only url_verification as a challenge', () => {
    expect(parse(JSON_TYPE, '{"type":"url_verification","challenge":"abc"}')).toEqual({
      type: 'challenge',
      challenge: 'abc',
    });
    expect(parse(JSON_TYPE, '{"type":"event_callback","challenge":"abc","event":{"type":"message"}}').type).toBe(
      'delivery',
    );
    expect(parse(JSON_TYPE, '{"challenge":"abc"}').type).toBe('malformed');
  });

  test('recognizes ssl_check as a short form with ssl_check=1', () => {
    expect(isSslCheck(FORM_TYPE, Buffer.from('ssl_check=1&token=x'))).toBe(true);
    expect(isSslCheck(`${FORM_TYPE}; charset=utf-8`, Buffer.from('token=x&ssl_check=1'))).toBe(true);
    expect(isSslCheck(FORM_TYPE, Buffer.from('command=/x&ssl_check=0'))).toBe(false);
    expect(isSslCheck(FORM_TYPE, Buffer.from(`ssl_check=1&x=${'y'.repeat(5000)}`))).toBe(false);
    expect(isSslCheck(JSON_TYPE, Buffer.from('ssl_check=1'))).toBe(false);
    // A proxy may repeat the header.
    expect(isSslCheck(`${FORM_TYPE}, ${FORM_TYPE}`, Buffer.from('ssl_check=1'))).toBe(true);
  });
});

describe.each(await sampleSets())('payloads of $origin', ({ events, interactions }) => {
  test.each(events)('parses event $name', ({ text }) => {
    const { event, event_id: eventId } = JSON.parse(text);
    const parsed = delivery(JSON_TYPE, text);
    expect(parsed.family).toBe('event');
    expect(parsed.kind).toBe(event.type);
    expect(JSON.stringify(parsed.payload)).toBe(text);
    if (eventId === '') expect(parsed.messageId).toMatch(/^[0-9a-f]{64}$/);
    else expect(parsed.messageId.endsWith(eventId), parsed.messageId).toBe(true);
  });

  test.each(interactions)('parses interaction $name', ({ handler, text }) => {
    const payload = JSON.parse(text);
    if (handler === 'command') {
      expect(delivery(FORM_TYPE, form(payload))).toMatchObject({ kind: 'slash_command', payload });
      return;
    }
    const parsed = delivery(FORM_TYPE, form({ payload: text }));
    expect(parsed).toMatchObject({ family: 'interaction', kind: payload.type });
    expect(JSON.stringify(parsed.payload)).toBe(text);
  });
});
