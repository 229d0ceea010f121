import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Head = Parameters<ServerResponse['writeHead']>;

/**
 * Converts an event stream of answers to JSON, for a client that does not accept streams. Of the messages in the
 * stream, only the answers are kept. A response that is not an event stream is sent unchanged.
 */
export function answerAsJson(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response);
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  const flushHeaders = response.flushHeaders.bind(response);
  let status: number | undefined;
  let text = '';

  response.writeHead = ((...head: Head) => {
    const headers = head.find((part) => typeof part === 'object') as OutgoingHttpHeaders | undefined;
    const type = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    if (!String(type).startsWith('text/event-stream')) return writeHead(...head);
    status = head[0];
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value !== undefined && !SET_ANEW.has(name.toLowerCase())) response.setHeader(name, value);
    }
    return response;
  }) as ServerResponse['writeHead'];
  response.flushHeaders = () => {
    if (status === undefined) flushHeaders();
  };
  response.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    if (status === undefined) return write(chunk, ...rest);
    text += Buffer.from(chunk as Uint8Array).toString();
    return true;
  }) as ServerResponse['write'];
  response.end = ((...rest: never[]) => {
    if (status === undefined) return end(...rest);
    const answers = answersIn(text);
    const body = JSON.stringify(answers.length === 1 ? answers[0] : answers);
    writeHead(answers.length === 0 ? 202 : status, { 'content-type': 'application/json' });
    return end(answers.length === 0 ? '' : body);
  }) as ServerResponse['end'];
}

const SET_ANEW: ReadonlySet<string> = new Set(['content-type', 'content-length', 'connection', 'x-accel-buffering']);

function answersIn(text: string): readonly object[] {
  return [...text.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, json = '{}']) => JSON.parse(json) as object)
    .filter((message) => 'result' in message || 'error' in message);
}
