import { createHash } from 'node:crypto';

/** The list of a task's messages. Also the name of the channel that tells of new ones. */
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

/** A key in the slot of another one, so that a script may touch both in a cluster. */
export function beside(key: string, name: string): string {
  return `{${key}}:${name}`;
}

/** Stands for a session: its id opens the session to whoever knows it, and is not written down. */
export function sessionDigest(sessionId: string | undefined): string {
  return sessionId === undefined ? '' : createHash('sha256').update(sessionId).digest('base64url');
}

/** Braces in a key would choose its slot. */
function escaped(taskId: string): string {
  return taskId.replace(/[%{}]/g, encodeURIComponent);
}
