import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { McpRequest } from './request.ts';

/** How a request ended. */
export interface Outcome {
  /** The status, or why there was no answer. */
  readonly ending: number | 'closed' | 'silent';
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the answer. */
  readonly text: string;
}

/** Milliseconds after which a request counts as unanswered. */
const PATIENCE_MS = 45_000;
/** Milliseconds to wait for an answer on a stream. */
const LISTEN_MS = 200;
const MOST_TEXT = 2_000;

/** Sends a request. Closes a stream after its answer, or after a short wait. Never rejects. */
export function sendRequest(port: number, request: McpRequest, agent: Agent): Promise<Outcome> {
  return new Promise((resolve) => {
    const { method, path, headers, body } = request;
    const sent = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent,
      headers: { ...headers, 'content-length': body.length },
    });
    const timer = setTimeout(() => end({ ending: 'silent', headers: {}, text: '' }), PATIENCE_MS);
    let text = '';

    function end(outcome: Outcome): void {
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.ending === 'silent') sent.destroy();
    }

    sent.on('error', () => end({ ending: 'closed', headers: {}, text }));
    sent.on('response', (response) => {
      const { statusCode = 0, headers: answered } = response;
      const finish = (): void => end({ ending: statusCode, headers: answered, text });
      const isStream = answered['content-type']?.startsWith('text/event-stream') === true;
      const leave = setTimeout(() => {
        if (!isStream) return;
        finish();
        sent.destroy();
      }, LISTEN_MS);
      response.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.length < MOST_TEXT) text += chunk.slice(0, MOST_TEXT - text.length);
      });
      response.on('error', () => {});
      response.once('close', () => {
        clearTimeout(leave);
        finish();
      });
    });
    sent.end(body);
  });
}
