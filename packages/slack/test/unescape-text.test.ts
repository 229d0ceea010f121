import { expect, test } from 'vitest';
import { unescapeText } from '../src/index.ts';

test.each([
  ['R&amp;D &lt;3 a &gt; b', 'R&D <3 a > b'],
  ['&amp;lt;', '&lt;'],
  ['&amp;amp;', '&amp;'],
  ['&quot; &copy; & plain', '&quot; &copy; & plain'],
  ['<@U1> said &lt;hi&gt;', '<@U1> said <hi>'],
])('%s', (stored, typed) => {
  expect(unescapeText(stored)).toBe(typed);
});
