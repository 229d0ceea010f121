import { type IncomingMessage, request as requestOf } from 'node:http';
import { onTestFinished } from 'vitest';

/** One event of a stream; without data it marks a position from which the stream can be resumed. */
export interface StreamEvent {
  id: string | undefined;
  data: { method?: string; params?: Record<string, unknown>; id?: number; result?: unknown } | undefined;
}

/** An open stream. */
export interface EventStream {
  readonly response: IncomingMessage;
  /** The events received so far. */
  events(): StreamEvent[];
  close(): void;
}

/** Opens the server's own stream of a session, or the stream of the request in `body`. */
export function openStream(
  url: string,
  session: string,
  headers: Record<string, string> = {},
  body?: object,
): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = requestOf(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: { accept: 'text/event-stream', 'mcp-session-id': session, ...type, ...headers },
        agent: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', () => {});
        resolve({ response, events: () => parse(text), close: () => request.destroy() });
      },
    );
    request.on('error', reject).end(body && JSON.stringify(body));
    onTestFinished(() => void request.destroy());
  });
}

function parse(text: string): StreamEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => !block.startsWith(':'))
    .map((block) => {
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? '';
      return { id: /^id: (.*)$/m.exec(block)?.[1], data: data === '' ? undefined : JSON.parse(data) };
    });
}
