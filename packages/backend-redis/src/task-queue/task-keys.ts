import { createHash } from 'node:crypto';

/** The list of a task's messages. Also the name of the channel that announces new messages. */
export function queueKey(prefix: string, taskId: string): string {
  return `${prefix}mcp:queue:${escaped(taskId)}`;
}

/** The hash with a task's status and result. */
export function taskKey(prefix: string, taskId: string): string {
  return `${prefix}mcp:task:${escaped(taskId)}`;
}

/** The sorted set with the positions of all tasks. */
export function tasksKey(prefix: string): string {
  return `${prefix}mcp:tasks`;
}

/** Returns a key in the same slot as another key, so that one script can use both in a cluster. */
export function beside(key: string, name: string): string {
  return `{${key}}:${name}`;
}

/**
 * Identifies a session by a digest: the id itself is not stored, because every caller that knows the id can use the
 * session.
 */
export function sessionDigest(sessionId: string | undefined): string {
  return sessionId === undefined ? '' : createHash('sha256').update(sessionId).digest('base64url');
}

/** Braces in a key would determine its slot. */
function escaped(taskId: string): string {
  return taskId.replace(/[%{}]/g, encodeURIComponent);
}
