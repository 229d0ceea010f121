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
    ['<!channel >', '@\u2060channel'],
    ['<!channel^x>', '@\u2060channel'],
    ['<! here>', '@\u2060here'],
    ['<!here|a|b>', '@\u2060here'],
    ['`x` <!here> `y`', '`x` @\u2060here `y`'],
    ['`x` <!here>', '`x` @\u2060here'],
    ['```x``` @here `y` <!channel>', '```x``` @\u2060here `y` @\u2060channel'],
    ['``` <!here>', '``` @\u2060here'],
    ['it`s <!here> it`s', 'it`s @\u2060here it`s'],
    ['` <!here> `', '` @\u2060here `'],
    ['`a\n<!here>`', '`a\n@\u2060here`'],
  ])('neutralizes %j', (text, expected) => {
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
    '<!channels>',
    'npm i @here/x',
    '```import H from "@here/maps"```',
    '```\nemail <!channel> with @here\n```',
    'run `npm i @here/x` or `@channel`, then (`<!here>`)',
  ])('keeps %j unchanged', (text) => {
    expect(neutraliseBroadcasts(text)).toBe(text);
  });

  it.each(["'<!here|'", '<!here', '<!here|', '`', '```', '@here', '`<!here|'])('takes linear time for %j', (part) => {
    const seconds = (length: number): number => {
      const text = part.repeat(Math.ceil(length / part.length));
      const started = performance.now();
      neutraliseBroadcasts(text);
      return (performance.now() - started) / 1_000;
    };
    seconds(10_000);
    // A quadratic algorithm takes more than a minute.
    expect(seconds(4_000_000)).toBeLessThan(10);
  });

  it('leaves no broadcast in any text, and changes nothing the second time', () => {
    const part = fc.constantFrom(
      '<!channel>',
      '<!here|x>',
      '@everyone',
      '@here',
      '<',
      '!',
      '>',
      'channel',
      'here ',
      '^x',
      ' ',
      'a',
      '@',
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          const safe = neutraliseBroadcasts(text);
          expect(safe).not.toMatch(/<!\s*(channel|here|everyone|group)\b[^<>]*>/i);
          expect(neutraliseBroadcasts(safe)).toBe(safe);
        },
      ),
    );
  });
});
