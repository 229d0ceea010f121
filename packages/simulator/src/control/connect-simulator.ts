import type { Delivery } from '../delivery/delivery.ts';
import { isJsonObject } from '../json.ts';
import type { SimulatorControl } from '../simulator-control.ts';
import { SlackApiError } from '../slack-api-error.ts';

/**
 * Controls a simulator that runs in another process, with the methods of `createSimulator`.
 *
 * @param address the address of the simulator, such as `http://127.0.0.1:4010`; the address of its Web API, which ends
 * with `/api/`, also works
 * @throws TypeError when the address is not a valid URL
 */
export function connectSimulator(address: string): SimulatorControl {
  const { origin } = new URL(address);
  const get = <T>(path: string): Promise<T> => request<T>(`${origin}/control/${path}`);
  const post = <T = void>(path: string, body: object = {}): Promise<T> => {
    const content = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return request<T>(`${origin}/control/${path}`, content);
  };
  const done = async (path: string, body: object = {}): Promise<void> => {
    await post(path, body);
  };
  const waited = async <T>(path: string, body: object = {}): Promise<T> => {
    for (;;) {
      const answer = await post<{ done: boolean; result: T }>(path, body);
      if (answer.done) return answer.result;
    }
  };
  return {
    url: `${origin}/api/`,
    postMessage: (user, channel, text, options) => post('messages', { user, channel, text, ...options }),
    unfurl: (channel, ts) => post('messages/unfurl', { channel, ts }),
    editMessage: (channel, ts, text) => post('messages/edit', { channel, ts, text }),
    deleteMessage: (channel, ts) => post('messages/delete', { channel, ts }),
    react: (user, channel, ts, emoji) => post('reactions', { user, channel, ts, emoji }),
    unreact: (user, channel, ts, emoji) => post('reactions/remove', { user, channel, ts, emoji }),
    joinChannel: (user, channel) => post('channels/join', { user, channel }),
    createChannel: (user, name, options) => post('channels', { user, name, ...options }),
    deliver: (event) => post('events', event),
    settled: (deliveryId) => waited<Delivery>('settled', { deliveryId }),
    idle: () => waited('idle'),
    deliveries: () => get('deliveries'),
    slashCommand: (options) => post('slash-commands', options),
    blockAction: (options) => post('block-actions', options),
    interact: (payload) => post('interactions', payload),
    responses: () => get('responses'),
    setEventsUrl: (url, options) => done('events-url', { url, ...options }),
    verifyUrl: () => done('events-url/verify'),
    sslCheck: () => post('events-url/ssl-check'),
    cutOff: (next, options) => done('cut-off', { next, ...options }),
    connections: async () => (await get<{ connections: number }>('connections')).connections,
    connectionAttempts: async () => (await get<{ attempts: number }>('connections')).attempts,
    troubleConnections: (trouble, options) => done('connections/trouble', { trouble, ...options }),
    refreshConnections: (reason) => done('connections/refresh', { reason }),
    limit: (method, options) => done('limits', { method, ...options }),
    fail: (method, failure, options) => done('failures', { method, failure, ...options }),
    calls: (method) => get(method === undefined ? 'calls' : `calls?method=${encodeURIComponent(method)}`),
    messages: (channel) => get(`messages?channel=${encodeURIComponent(channel)}`),
    state: () => get('state'),
  };
}

async function request<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const { code, message } = isJsonObject(answer) && isJsonObject(answer.error) ? answer.error : {};
  const text = String(message ?? `HTTP ${response.status}`);
  if (code === 'failed') throw new Error(text);
  if (code === 'invalid_request' || code === undefined) throw new TypeError(text);
  throw new SlackApiError(String(code), {}, text);
}
