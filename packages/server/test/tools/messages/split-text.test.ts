import { describe, expect, test } from 'vitest';
import { splitText } from '../../../src/tools/messages/split-text.ts';

const paragraph = (letter: string, length: number): string => letter.repeat(length);

describe('splitText', () => {
  test('keeps a text that fits', () => {
    expect(splitText('x'.repeat(4_000))).toEqual(['x'.repeat(4_000)]);
  });

  test('cuts between paragraphs, otherwise between lines, words or characters', () => {
    expect(splitText(`${paragraph('a', 60)}\n\n${paragraph('b', 60)}`, 100)).toEqual(['a'.repeat(60), 'b'.repeat(60)]);
    expect(splitText(`${paragraph('a', 60)}\n${paragraph('b', 60)}`, 100)).toEqual(['a'.repeat(60), 'b'.repeat(60)]);
    expect(splitText(`${paragraph('a', 60)} ${paragraph('b', 60)}`, 100)).toEqual(['a'.repeat(60), 'b'.repeat(60)]);
    expect(splitText('x'.repeat(150), 100).join('')).toBe('x'.repeat(150));
  });

  test('keeps a code block whole if it fits into one message', () => {
    const code = `\`\`\`\n${paragraph('c', 50)}\n\n${paragraph('d', 20)}\n\`\`\``;
    const parts = splitText(`${paragraph('a', 60)}\n\n${code}\n\nafter`, 100);
    expect(parts).toEqual(['a'.repeat(60), `${code}\n\nafter`]);
  });

  test('closes and reopens a code block that does not fit', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
    const parts = splitText(`\`\`\`\n${lines}\n\`\`\``, 100);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(100);
      expect(part.split('```')).toHaveLength(3);
    }
    expect(parts.map((part) => part.replaceAll(/```\n?|\n?```/g, '')).join('\n')).toBe(lines);
  });

  test('loses only the spaces at which it cuts, and never cuts a character in half', () => {
    for (const text of ['😀'.repeat(500), 'word '.repeat(500), `${'a\n\n'.repeat(300)}b`, '```'.repeat(200)]) {
      const parts = splitText(text, 100);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(100);
        expect(part.isWellFormed()).toBe(true);
      }
      const letters = (value: string): string => value.replaceAll(/[\s`]/g, '');
      expect(letters(parts.join(''))).toBe(letters(text));
    }
  });
});

test.each([50, 51])('keeps emoji whole at any limit: %i', (most) => {
  for (const text of ['😀'.repeat(200), `a${'😀'.repeat(200)}`]) {
    const parts = splitText(text, most);
    expect(parts.filter((part) => !part.isWellFormed() || part.length > most)).toEqual([]);
    expect(parts.join('')).toBe(text);
  }
});
