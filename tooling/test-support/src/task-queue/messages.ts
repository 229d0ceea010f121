import type { TaskMessage } from '@slack-mcp/core/backend';

export const timestamp: number = Date.parse('2026-01-02T03:04:05.678Z');

/** A message of a task that asks the client something. */
export function request<Message = TaskMessage>(id: number | string): Message {
  const message = { jsonrpc: '2.0', id, method: 'elicitation/create', params: { id } };
  return { type: 'request', message, timestamp } as Message;
}

/** The ids of messages. `false` for messages without an id. */
export function idsOf(messages: readonly (Pick<TaskMessage, 'message'> | undefined)[]): unknown[] {
  return messages.map((message) => message && 'id' in message.message && message.message.id);
}
