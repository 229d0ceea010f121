import { Buffer } from 'node:buffer';

/** The position of a task among all tasks. Encoded positions sort as text in order of creation. */
export interface TaskPosition {
  /** When the task was created, in microseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch after which the task no longer exists, or `undefined` without a limit. */
  readonly expiresAt: number | undefined;
  readonly taskId: string;
}

export function encodePosition({ createdAt, expiresAt, taskId }: TaskPosition): string {
  return `${String(createdAt).padStart(16, '0')}:${expiresAt ?? '-'}:${taskId}`;
}

/** Returns the id of the task at a position. */
export function taskIdAt(position: string): string {
  return position.slice(position.indexOf(':', position.indexOf(':') + 1) + 1);
}

/** Encodes a position as a cursor for clients. The cursor remains valid after the task expires. */
export function encodeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * @throws Error - the cursor was not created by {@link encodeCursor}
 */
export function decodeCursor(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{16}:(?:\d+|-):[0-9a-f]{32}$/.test(position) && encodeCursor(position) === cursor) return position;
  throw new Error('Invalid cursor: pass the nextCursor of the previous page unchanged');
}
