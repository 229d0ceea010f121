import type { Task } from '@modelcontextprotocol/sdk/types.js';
import { SerializationError } from '@slack-mcp/core';

/** The fields of a task's hash, all stored as text. The fields `session` and `ttl` are optional. */
export const TASK_FIELDS = [
  'status',
  'statusMessage',
  'ttl',
  'pollInterval',
  'createdAt',
  'lastUpdatedAt',
  'session',
] as const;

/** A task as read from its hash. */
export interface TaskRecord {
  readonly task: Task;
  /** Digest of the task's session, if it has one. */
  readonly session: string | undefined;
}

/** Returns the fields and values of the hash for a new task. */
export function encodeTask(task: Task, session: string): string[] {
  const { status, ttl, pollInterval, createdAt, lastUpdatedAt } = task;
  const fields = { status, ttl, pollInterval, createdAt, lastUpdatedAt, session: session || undefined };
  return Object.entries(fields).flatMap(([field, value]) => (value == null ? [] : [field, String(value)]));
}

/**
 * Decodes the values of the fields {@link TASK_FIELDS}.
 *
 * @returns `undefined` if there is no task
 * @throws SerializationError - the hash does not contain a task
 */
export function decodeTask(taskId: string, values: readonly (string | null)[]): TaskRecord | undefined {
  if (values.every((value) => value === null)) return undefined;
  const [status, statusMessage, ttl, pollInterval, createdAt, lastUpdatedAt, session] = values;
  if (!isStatus(status) || !createdAt || !lastUpdatedAt) {
    throw new SerializationError(
      `the value stored for task ${taskId} is not a task: delete its key or choose another REDIS_PREFIX`,
    );
  }
  const task: Task = { taskId, status, ttl: ttl ? Number(ttl) : null, createdAt, lastUpdatedAt };
  if (pollInterval) task.pollInterval = Number(pollInterval);
  if (statusMessage) task.statusMessage = statusMessage;
  return { task, session: session ?? undefined };
}

const STATUSES: readonly string[] = ['working', 'input_required', 'completed', 'failed', 'cancelled'];

function isStatus(value: string | null | undefined): value is Task['status'] {
  return value != null && STATUSES.includes(value);
}
