import { describe, expect, test } from 'vitest';
import { splitText } from '../../../src/tools/messages/split-text.ts';

const paragraph = (letter: string, length: number): string => letter.repeat(length);

describe('splitText', () => {
  test('leaves a text alone that fits', () => {
    expect(splitText('x'.repeat(4_000))).toEqual(['x'.repeat(4_000)]);
  });

  test('cuts between paragraphs, else between lines, else between words, else anywhere', () => {
    expect(splitText(`${paragraph('a', 60)}\n\n${paragraph('b', 60)}`, 100)).toEqual(['a'.repeat(60), 'b'.repeat(60)]);
    expect(splitText(`${paragraph('a', 60)}\n${paragraph('b', 60)}`, 100)).toEqual(['a'.repeat(60), 'b'.repeat(60)]);
    expect(splitText(`${paragraph('a', 60)} ${paragraph('b', 60)}`, 100)).toEqual(['a'.repeat(60), 'b'.repeat(60)]);
    expect(splitText('x'.repeat(150), 100).join('')).toBe('x'.repeat(150));
  });

  test('keeps a block of code whole where it fits a message of its own', () => {
    const code = `\`\`\`\n${paragraph('c', 50)}\n\n${paragraph('d', 20)}\n\`\`\``;
    const parts = splitText(`${paragraph('a', 60)}\n\n${code}\n\nafter`, 100);
    expect(parts).toEqual(['a'.repeat(60), `${code}\n\nafter`]);
  });

  test('closes a block of code that does not fit, and opens it again', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
    const parts = splitText(`\`\`\`\n${lines}\n\`\`\``, 100);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(100);
      expect(part.split('```')).toHaveLength(3);
    }
    expect(parts.map((part) => part.replaceAll(/```\n?|\n?```/g, '')).join('\n')).toBe(lines);
  });

  test('loses no character but the spaces it cuts at, and never cuts one in half', () => {
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
