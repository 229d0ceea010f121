import { expect, test } from 'vitest';
import { decodeParkingRecord, encodeParkingRecord } from '../src/backend.ts';

const place = { id: '7', at: 1_000 };
const record = { id: '3', retryCount: 2, at: 2_000, reason: { code: 'MAX_RETRIES', message: 'no such user' } };

test('keeps a record unchanged, as text and as bytes', () => {
  const text = encodeParkingRecord(record);
  expect(decodeParkingRecord(text, place)).toEqual(record);
  expect(decodeParkingRecord(new TextEncoder().encode(text), place)).toEqual(record);
});

test.each([undefined, '', 'no JSON', 'null', '7', '{"id":7}', '{"id":"3","retryCount":2,"at":1,"reason":null}'])(
  'describes a message that another program parked: %j',
  (stored) => {
    expect(decodeParkingRecord(stored, place)).toEqual({
      ...place,
      retryCount: 0,
      reason: { code: 'FOREIGN', message: 'it was not parked by this package' },
    });
  },
);
