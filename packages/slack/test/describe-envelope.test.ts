import { buildEnvelope, buildEvent } from '@slack-mcp/simulator';
import { describe, expect, test } from 'vitest';
import { channelOf, isChannelId } from '../src/envelope/conversation.ts';
import { describeEnvelope, messageIdOf } from '../src/envelope/describe-envelope.ts';
import { readPayload } from '../src/envelope/read-payload.ts';

describe('the facts of an envelope', () => {
  test('describes an event of the simulator', () => {
    const mention = buildEvent('app_mention', { channel: 'C1', ts: '1.5', text: 'hi' });
    expect(describeEnvelope({ ...buildEnvelope(mention, { eventId: 'Ev7' }) })).toMatchObject({
      kind: 'app_mention',
      appId: 'A0SIMULATR',
      eventId: 'Ev7',
      channel: 'C1',
      threadTs: '1.5',
    });
  });

  test.each([
    [
      { command: '/deploy', channel_id: 'C1', trigger_id: '1.1', team_id: 'T1' },
      { kind: 'slash_command', channel: 'C1' },
    ],
    [
      { type: 'block_actions', container: { channel_id: 'D1', thread_ts: '1.1' } },
      { channel: 'D1', threadTs: '1.1' },
    ],
    [{ type: 'event_callback', event: { type: 'reaction_added', item: { channel: 'G1' } } }, { channel: 'G1' }],
    [{ type: 'event_callback', event: { type: 'channel_rename', channel: { id: 'C2' } } }, { channel: 'C2' }],
    [{ type: 'event_callback', event: { type: 'link_shared', channel: 'COMPOSER' } }, { channel: undefined }],
    [{ type: 'event_callback', event: { type: 'x'.repeat(500) } }, { kind: 'x'.repeat(128) }],
    [{ type: 'event_callback', event: {} }, { kind: undefined }],
    [{ type: 'event_callback' }, { kind: undefined }],
    [
      { type: 'app_rate_limited', event_id: '', api_app_id: 7 },
      { kind: 'app_rate_limited', eventId: undefined, appId: undefined },
    ],
    // In a shared channel, the sender may belong to another workspace than the app.
    [
      { team_id: 'T2', authorizations: [{ team_id: 'T1', enterprise_id: 'E1' }], enterprise_id: 'E2' },
      { team: { teamId: 'T1', enterpriseId: 'E1' } },
    ],
    [{ team_id: 'T2', authorizations: [] }, { team: { teamId: 'T2' } }],
    [{}, { kind: undefined, team: {} }],
  ])('%j', (payload, facts) => {
    expect(describeEnvelope(payload)).toMatchObject(facts);
  });

  test('routing and facts agree on the kind of an event', () => {
    for (const event of [{ type: 'message' }, { type: 'event_of_tomorrow' }]) {
      const payload = { type: 'event_callback', event };
      expect(readPayload(payload)).toMatchObject({ kind: 'event', name: describeEnvelope(payload).kind });
    }
  });
});

describe('the identity of a message', () => {
  const facts = { team: {}, eventId: 'Ev1', triggerId: '1.1' };

  test('contains the app of the payload rather than that of the signature', () => {
    expect(messageIdOf({ ...facts, appId: 'A1' }, 'A2')).toBe('A1:Ev1');
    expect(messageIdOf(facts, 'A2')).toBe('A2:Ev1');
    expect(messageIdOf(facts)).toBe('Ev1');
    expect(messageIdOf({ team: {}, triggerId: '1.1', appId: 'A1' })).toBe('A1:1.1');
    expect(messageIdOf({ team: {}, appId: 'A1' })).toBeUndefined();
  });

  test('is never longer than the limit of a queue', () => {
    const eventId = 'E'.repeat(255);
    expect(messageIdOf({ team: {}, eventId })).toBe(eventId);
    expect(messageIdOf({ team: {}, eventId, appId: 'A1' })).toBeUndefined();
  });
});

test.each([
  ['C0123456789', true],
  ['G0123456789', true],
  ['D0123456789', true],
  ['COMPOSER', false],
  ['U0123456789', false],
  ['general', false],
  ['#general', false],
  ['C', false],
  ['c0123456789', false],
  [`C${'1'.repeat(64)}`, false],
  ['C1\n', false],
  [undefined, false],
  [{ id: 'C1' }, false],
])('recognizes whether %j is a channel id: %s', (value, expected) => {
  expect(isChannelId(value)).toBe(expected);
  if (typeof value === 'string') expect(channelOf({ channel: value })).toBe(expected ? value : undefined);
});
