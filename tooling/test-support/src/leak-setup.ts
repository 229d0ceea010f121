import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { ServerResponse } from 'node:http';
import { afterAll, expect } from 'vitest';
import { leakScan } from './leak-scan.ts';

// Observes everything that servers, loggers and processes of tests write. Observes once in a process, which runs many
// test files; the setup file of each test file calls `scanForLeaks`.

/** Records tokens and message texts in requests to Slack and to our servers. */
const send = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const bearer = /^Bearer (.+)$/.exec(new Headers(init?.headers).get('authorization') ?? '')?.[1];
  if (bearer !== undefined) leakScan.keep(bearer);
  if (typeof init?.body === 'string') keepTexts(init.body);
  if (init?.body instanceof URLSearchParams) keepTexts(init.body.toString());
  return send(input, init);
};

/** Bodies may have several MiB: a form is not parsed as JSON, nor JSON as a form. */
function keepTexts(body: string): void {
  if (!/^\s*[{[]/.test(body)) {
    const form = new URLSearchParams(body).get('text');
    if (form !== null) leakScan.keepText(form);
    return;
  }
  for (const [, text = ''] of body.matchAll(/"text":("[^"\\]*(?:\\.[^"\\]*)*")/g)) leakScan.keepText(JSON.parse(text));
}

/** Records what processes write to standard error. Other readers still receive it. */
subscribe('child_process', (message) => {
  const { process: child } = message as { process: ChildProcess };
  child.once('spawn', () => {
    const { stderr } = child;
    if (stderr === null) return;
    const push = stderr.push.bind(stderr);
    stderr.push = (chunk, encoding) => {
      if (chunk !== null) leakScan.saw('standard error', String(chunk));
      return push(chunk, encoding);
    };
  });
});

/** Records the bodies of our errors and metrics, but not the answers of a test's Slack, below `/api/`. */
const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
  const [chunk] = args;
  const { url = '' } = this.req;
  const told = (this.statusCode >= 400 && !url.startsWith('/api/')) || url === '/metrics';
  if (told && (typeof chunk === 'string' || chunk instanceof Uint8Array)) {
    leakScan.saw(
      `${this.req.url} ${this.statusCode}`,
      typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(),
    );
  }
  return end.apply(this, args as Parameters<typeof end>);
};

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    leakScan.saw('the output of the tests', String(chunk));
    return write(chunk, ...rest);
  }) as typeof stream.write;
}

/**
 * Checks at the end of a test file what was written meanwhile: a token, a signing secret or the text of a message fails
 * the file.
 *
 * @param secrets - what must not occur in any output, in addition to the tokens and texts that the file sends
 */
export function scanForLeaks(secrets: readonly string[] = []): void {
  leakScan.begin(secrets);
  afterAll(() => {
    expect(leakScan.leaks(), 'tokens, secrets or texts in logs or answers').toEqual([]);
  });
}
