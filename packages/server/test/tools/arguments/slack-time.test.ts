import { describe, expect, it } from 'vitest';
import {
  isMessageTs,
  isSlackTime,
  readMessageLink,
  toMessageTs,
  toSlackTime,
} from '../../../src/tools/arguments/slack-time.ts';

describe('a time', () => {
  it.each([
    ['1698796800', '1698796800'],
    ['1698796800.5', '1698796800.5'],
    ['1698796800000', '1698796800.000000'],
    ['1698796800123', '1698796800.123000'],
    ['1700000000000100', '1700000000.000100'],
    ['1698796800123456789', '1698796800.123456'],
    ['2023-11-01', '1698796800.000000'],
    ['2023-11-01T00:00:00Z', '1698796800.000000'],
    ['2023-11-01 01:00+01:00', '1698796800.000000'],
    ['2023-11-01T00:00:00.250Z', '1698796800.250000'],
    ['2024-02-29', '1709164800.000000'],
    ['p1700000000000100', '1700000000.000100'],
    ['https://acme.slack.com/archives/C0GENERAL1/p1700000000000100', '1700000000.000100'],
    ['0', '0'],
  ])('%s is read as %s', (given, expected) => {
    expect(toSlackTime(given)).toBe(expected);
    expect(isSlackTime(toSlackTime(given))).toBe(true);
    expect(toSlackTime(toSlackTime(given))).toBe(toSlackTime(given));
  });

  it.each([
    'tomorrow',
    'last week',
    'next Tuesday',
    '7 moons ago',
    'Feb 30, 2023',
    'Foo 3, 2023',
    '2023-11-01T00:00:00',
    '11/01/2023',
    '2023-13-01',
    '2023-02-30',
    '2023-02-29T09:00:00Z',
    '2023-04-31 09:00+01:00',
    '12345',
    '16987968000',
    '169879680000',
    '-1',
    '99999999999',
    '1e9',
  ])('%s is rejected', (given) => {
    expect(isSlackTime(toSlackTime(given))).toBe(false);
  });
});

describe('a time in words', () => {
  const NOW = Date.parse('2023-11-15T12:30:00Z');

  it.each([
    ['now', '2023-11-15T12:30:00Z'],
    ['Today', '2023-11-15'],
    ['yesterday', '2023-11-14'],
    ['7d', '2023-11-08T12:30:00Z'],
    ['-7d', '2023-11-08T12:30:00Z'],
    ['90 minutes ago', '2023-11-15T11:00:00Z'],
    ['last 2 weeks', '2023-11-01T12:30:00Z'],
    ['past 24h', '2023-11-14T12:30:00Z'],
    ['in 2 hours', '2023-11-15T14:30:00Z'],
    ['+30m', '2023-11-15T13:00:00Z'],
    ['Nov 1, 2023', '2023-11-01'],
    ['1st November 2023', '2023-11-01'],
  ])('%s is read as %s', (given, expected) => {
    expect(toSlackTime(given, NOW)).toBe(toSlackTime(expected));
    expect(isSlackTime(toSlackTime(given, NOW))).toBe(true);
  });
});

describe('the ts of a message', () => {
  const reply =
    'https://acme.slack.com/archives/C0GENERAL1/p1700000000000200?thread_ts=1700000000.000100&cid=C0GENERAL1';

  it.each(['1700000000.000100', '1700000000.0001', '1700000000000100', 'p1700000000000100', "'1700000000.000100'"])(
    'is read from %s',
    (given) => {
      expect(toMessageTs(given)).toBe('1700000000.000100');
    },
  );

  it('from a link to a reply is its own, or that of its thread if a thread is meant', () => {
    expect(toMessageTs(reply)).toBe('1700000000.000200');
    expect(toMessageTs(reply, { thread: true })).toBe('1700000000.000100');
    expect(readMessageLink(reply)).toEqual({
      channel: 'C0GENERAL1',
      ts: '1700000000.000200',
      threadTs: '1700000000.000100',
    });
  });

  it.each(['1700000000', '17000000000001', '1698796800000', 'yesterday', '', 'https://example.com/p1700000000000100'])(
    'is not read from %j',
    (given) => {
      expect(isMessageTs(toMessageTs(given))).toBe(false);
    },
  );
});
