import { get, type IncomingMessage } from 'node:http';
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

/** Opens the server's own stream of a session. */
export function openStream(url: string, session: string, headers: Record<string, string> = {}): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      { headers: { accept: 'text/event-stream', 'mcp-session-id': session, ...headers }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', () => {});
        resolve({ response, events: () => parse(text), close: () => request.destroy() });
      },
    );
    request.on('error', reject);
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
