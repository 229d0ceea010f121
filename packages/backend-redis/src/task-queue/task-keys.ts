import { createHash } from 'node:crypto';
import type { Wants } from '../redis-error.ts';

/** The key of the list of a task's messages. The channel that announces new messages has the same name. */
export function queueKey(prefix: string, taskId: string): string {
  return `${prefix}mcp:queue:${escaped(taskId)}`;
}

/** The key of the hash with a task's status and result. */
export function taskKey(prefix: string, taskId: string): string {
  return `${prefix}mcp:task:${escaped(taskId)}`;
}

/** The key of the sorted set with the positions of all tasks. */
export function tasksKey(prefix: string): string {
  return `${prefix}mcp:tasks`;
}

/** Returns a key in the same slot as another key, so that one script can use both in a cluster. */
export function beside(key: string, name: string): string {
  return `{${key}}:${name}`;
}

/**
 * Returns a digest of a session id. The session id itself is not stored, because every caller that knows it can use the
 * session.
 */
export function sessionDigest(sessionId: string | undefined): string {
  return sessionId === undefined ? '' : createHash('sha256').update(sessionId).digest('base64url');
}

/** Returns what the commands for tasks require at Redis, for error messages. */
export function taskWants(prefix: string, kind: string): Wants {
  return { kind, permissions: `the keys ~${prefix}mcp:* and ~{${prefix}mcp:*, and the channels &${prefix}mcp:*` };
}

/** Escapes braces, which would otherwise determine the slot of a key. */
function escaped(taskId: string): string {
  return taskId.replace(/[%{}]/g, encodeURIComponent);
}
