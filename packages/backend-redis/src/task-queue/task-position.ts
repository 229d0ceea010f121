import { Buffer } from 'node:buffer';

/** Where a task stands among all: positions sort as text in the order of creation. */
export interface TaskPosition {
  /** Microseconds since epoch. */
  readonly createdAt: number;
  /** Milliseconds since epoch when it is surely gone; `undefined`: never. */
  readonly expiresAt: number | undefined;
  readonly taskId: string;
}

export function encodePosition({ createdAt, expiresAt, taskId }: TaskPosition): string {
  return `${String(createdAt).padStart(16, '0')}:${expiresAt ?? '-'}:${taskId}`;
}

/** The id of the task at that position. */
export function taskIdAt(position: string): string {
  return position.slice(position.indexOf(':', position.indexOf(':') + 1) + 1);
}

/** A position as clients see it. It stays good when the task is gone. */
export function encodeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * @throws Error - not a cursor of {@link encodeCursor}
 */
export function decodeCursor(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{16}:(?:\d+|-):[0-9a-f]{32}$/.test(position) && encodeCursor(position) === cursor) return position;
  throw new Error('Invalid cursor: pass the nextCursor of the page before as it is');
}
