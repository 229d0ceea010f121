import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, encodePosition, taskIdAt } from '../../src/task-queue/task-position.ts';

const taskId = '0123456789abcdef0123456789abcdef';
const position = { createdAt: 1_767_323_045_678_000, expiresAt: 1_767_323_105_678, taskId };

test('sorts positions in order of creation', () => {
  const times = [9, 10, 1_767_323_045_678_000, 1_767_323_045_678_001];
  const positions = times.map((createdAt) => encodePosition({ ...position, createdAt }));
  expect(positions.toReversed().sort()).toEqual(positions);
});

test('reads the task of a position and the position of a cursor', () => {
  for (const expiresAt of [position.expiresAt, undefined]) {
    const text = encodePosition({ ...position, expiresAt });
    expect(taskIdAt(text)).toBe(taskId);
    expect(decodeCursor(encodeCursor(text))).toBe(text);
  }
});

test.each([
  'x',
  taskId,
  encodeCursor('-'),
  encodeCursor(`${encodePosition(position)}\n`),
  `${encodeCursor(encodePosition(position))}=`,
])('rejects the cursor %s', (cursor) => {
  expect(() => decodeCursor(cursor)).toThrow(/^Invalid cursor/);
});
