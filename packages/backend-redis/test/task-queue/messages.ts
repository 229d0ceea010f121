import type { QueuedMessage } from '@modelcontextprotocol/sdk/experimental/tasks';

export const timestamp: number = Date.parse('2026-01-02T03:04:05.678Z');

export function request(id: number | string): QueuedMessage {
  return { type: 'request', message: { jsonrpc: '2.0', id, method: 'elicitation/create', params: { id } }, timestamp };
}

export function idsOf(messages: readonly (QueuedMessage | undefined)[]): unknown[] {
  return messages.map((message) => message && 'id' in message.message && message.message.id);
}
