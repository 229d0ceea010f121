import type { JsonObject } from '@slack-mcp/core';
import { clientOf, createSlackEgress, type ResponseMessage, type SlackClient } from '@slack-mcp/slack';

/** Answers calls of the Web API in a test, for example `{ call: async (method) => ({ ok: true }) }`. */
export interface SlackStub {
  call(
    method: string,
    args?: Readonly<Record<string, unknown>>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<object>;
}

/** Answers every call with `{ ok: true }`. */
export const agreeableSlack: SlackStub = { call: async () => ({ ok: true }) };

/**
 * Creates a client whose calls the stub answers. Messages to a `response_url` are passed to `onResponse` instead of
 * being sent.
 */
export function clientOfStub(stub: SlackStub, onResponse: (message: ResponseMessage) => void = () => {}): SlackClient {
  const port = { call: stub.call as (...args: Parameters<SlackStub['call']>) => Promise<JsonObject> };
  const client: SlackClient = {
    ...clientOf(port, createSlackEgress()),
    respond: async (_url, message) => onResponse(message),
    forTeam: () => client,
  };
  return client;
}
