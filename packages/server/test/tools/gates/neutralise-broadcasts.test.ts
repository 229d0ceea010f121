import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutraliseBroadcasts } from '../../../src/tools/gates/neutralise-broadcasts.ts';

describe('neutraliseBroadcasts', () => {
  it.each([
    ['<!channel> hello', '@\u2060channel hello'],
    ['<!here|here>, <!EVERYONE>', '@\u2060here, @\u2060EVERYONE'],
    ['<!group>', '@\u2060group'],
    ['@here, look', '@\u2060here, look'],
    ['(@channel)', '(@\u2060channel)'],
    ['@everyone.', '@\u2060everyone.'],
  ])('%j', (text, expected) => {
    expect(neutraliseBroadcasts(text)).toBe(expected);
  });

  it.each([
    'someone@here.example',
    'me@channel.io',
    '@hereafter',
    '@channel-ops',
    '<@U0ALICE001>',
    '<!subteam^S0123456789>',
    '<!date^1700000000^{date}|then>',
    '&lt;!channel&gt;',
  ])('leaves %j as it is', (text) => {
    expect(neutraliseBroadcasts(text)).toBe(text);
  });

  it('leaves no mention, wherever it stands, and changes nothing the second time', () => {
    const part = fc.constantFrom(
      '<!channel>',
      '<!here|x>',
      '@everyone',
      '@here',
      '<',
      '!',
      '>',
      'channel',
      ' ',
      'a',
      '@',
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          const safe = neutraliseBroadcasts(text);
          expect(safe).not.toMatch(/<!(channel|here|everyone|group)(\|[^>]*)?>/i);
          expect(neutraliseBroadcasts(safe)).toBe(safe);
        },
      ),
    );
  });
});
