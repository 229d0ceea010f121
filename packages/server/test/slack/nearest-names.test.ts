import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/slack/nearest-names.ts';

const names = ['general', 'random', 'support', 'support-eu', 'generated-reports', 'ops'];

describe('nearestNames', () => {
  it.each([
    ['genral', ['general']],
    ['support', ['support', 'support-eu']],
    ['generals', ['general']],
    ['opps', ['ops']],
    ['zzzzzz', []],
    ['', []],
  ])('finds what %j may mean', (wanted, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected);
  });

  it('gives at most as many as asked for, nearest first', () => {
    expect(nearestNames('ab', ['abcdef', 'abc', 'abcd', 'ax'], 2)).toEqual(['abc', 'abcd']);
  });
});
