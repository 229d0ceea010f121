import { expect, test } from 'vitest';
import { campaignEvent, eventNumber } from '../src/campaign-event.ts';
import { conductOf, workerProfile } from '../src/conduct.ts';

test('the seed determines how handlers fail', () => {
  const conduct = (seed: number) => Array.from({ length: 20_000 }, (_, event) => conductOf(seed, 0, event));
  expect(conduct(1)).toEqual(conduct(1));
  expect(conduct(1)).not.toEqual(conduct(2));
  expect(new Set(conduct(1))).toEqual(new Set(['handle', 'linger', 'nack', 'throw', 'crash']));
  expect(conduct(1).filter((each) => each === 'handle').length).toBeGreaterThan(19_700);
});

test('each group has members with implicit and with explicit acks', () => {
  const profiles = Array.from({ length: 4 }, (_, worker) => workerProfile(1, worker, 2));
  expect(profiles.map(({ ack }) => ack)).toEqual(['on-next', 'on-next', 'manual', 'manual']);
  expect(profiles).toEqual(Array.from({ length: 4 }, (_, worker) => workerProfile(1, worker, 2)));
});

test('recognises an event only if it is unchanged', () => {
  for (const event of [0, 7, 99_999]) {
    const published = structuredClone(campaignEvent(event));
    expect(eventNumber(published)).toBe(event);
    expect(eventNumber({ ...published, messageId: 'Ev12' })).toBe(-1);
    expect(eventNumber({ ...published, messageId: 'other' })).toBe(-1);
    expect(eventNumber({ ...published, key: 'other' })).toBe(-1);
    expect(eventNumber({ ...published, payload: { ...published.payload, added: 1 } })).toBe(-1);
  }
});
