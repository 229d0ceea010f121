import { type IncomingHttpHeaders, request } from 'node:http';

/** The answer. For a stream, only what arrived with the head. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The JSON of the body, or of the event with the answer in a stream. */
  body: { error?: { code: number; message: string }; result?: Record<string, unknown> };
}

/** Sends a request with exactly these headers; unlike `fetch`, it allows any `Host` and `Origin`. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string | object } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const payload = typeof body === 'object' ? JSON.stringify(body) : body;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) });
        sent.destroy();
      };
      response.on('data', (chunk: string) => {
        text += chunk;
        if (response.headers['content-type'] === 'text/event-stream' && ANSWER.test(text)) finish();
      });
      response.on('end', finish);
      response.on('error', finish);
      // A stream without events is also an answer.
      if (method === 'GET' && response.headers['content-type'] === 'text/event-stream') finish();
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

/** The event with the answer; those before it are notifications or only carry an id. */
const ANSWER = /^data: (\{.*"(?:result|error)":.*)\n\n/m;

function parse(text: string): Answer['body'] {
  const json = ANSWER.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** Headers of a Streamable HTTP request. */
export const JSON_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** The request that opens a session. */
export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
} as const;

/** Opens a Streamable HTTP session and returns its id. */
export async function openSession(url: string, headers: Record<string, string> = {}): Promise<string> {
  const { headers: answered } = await send(url, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: INITIALIZE,
  });
  return String(answered['mcp-session-id']);
}
