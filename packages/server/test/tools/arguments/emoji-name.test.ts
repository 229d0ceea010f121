import { expect, it } from 'vitest';
import { emojiName } from '../../../src/tools/arguments/emoji-name.ts';

it.each([
  ['👍', '+1'],
  ['👍🏽', '+1::skin-tone-4'],
  ['❤️', 'heart'],
  ['❤', 'heart'],
  ['1️⃣', 'one'],
  ['👩🏿‍💻', 'female-technologist::skin-tone-6'],
  ['🇩🇪', 'de'],
  [' :EYES: ', 'eyes'],
  ['thumbsup::skin-tone-2', 'thumbsup::skin-tone-2'],
  ['ShipIt', 'shipit'],
  ['🫡🫡', '🫡🫡'],
])('reads %s as %s', (given, expected) => {
  expect(emojiName(given)).toBe(expected);
});
