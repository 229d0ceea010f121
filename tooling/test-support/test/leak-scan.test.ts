import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, test } from 'vitest';
import { capturedLog } from '../src/captured-log.ts';
import { leakScan } from '../src/leak-scan.ts';

const SECRET = 'a-signing-secret-of-the-tests';
const TOKEN = 'xoxb-planted-0123456789';

leakScan.keep(SECRET);
const TEXT = 'A planted text "with quotes"';

// The secrets in this file must not fail the file itself.
afterEach(() => {
  leakScan.leaks();
});

async function listen(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  server.unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the scan of all output finds planted secrets', () => {
  it.each([
    ['a token', TOKEN],
    ['a token of an app', 'xapp-1-A0123-planted'],
    ['a token that rotates', 'xoxe.xoxb-1-planted'],
    ['a signing secret', SECRET],
  ])('%s in a log', (_name, secret) => {
    capturedLog().info({ nested: { deeply: [secret] } }, 'planted');
    capturedLog().error(new Error(secret), 'planted');
    expect(leakScan.leaks()).toHaveLength(2);
  });

  it('the text of a message, sent in any way', async () => {
    const url = await listen(200, '');
    await fetch(url, { method: 'POST', body: new URLSearchParams({ channel: 'C1', text: TEXT }) });
    capturedLog().warn({ body: { text: TEXT } }, 'planted');
    await fetch(url, { method: 'POST', body: JSON.stringify({ event: { text: 'Another planted text' } }) });
    capturedLog().warn('about Another planted text');
    expect(leakScan.leaks()).toEqual(['a log says A plante…', 'a log says Another …']);
  });

  it('the bearer token of a client, anywhere', async () => {
    const url = await listen(401, 'not planted-bearer, please');
    await fetch(url, { headers: { authorization: 'Bearer planted-bearer' } });
    expect(leakScan.leaks()).toEqual(['/ 401 says planted-…']);
  });

  it('a token in metrics and in the body of an error, and in no other body', async () => {
    for (const [status, path] of [
      [200, '/metrics'],
      [500, '/mcp'],
      [200, '/mcp'],
    ] as const) {
      await fetch(`${await listen(status, `slack_calls{token="${TOKEN}"} 1`)}${path}`);
    }
    expect(leakScan.leaks()).toEqual(['/metrics 200 says xoxb-pla…', '/mcp 500 says xoxb-pla…']);
  });

  it('a token in the standard error of a process, which other readers still receive', async () => {
    const child = spawn(process.execPath, ['-e', `console.error('${TOKEN}')`]);
    const chunks: string[] = [];
    child.stderr.on('data', (chunk) => chunks.push(String(chunk)));
    await once(child, 'close');
    expect(chunks.join('')).toBe(`${TOKEN}\n`);
    expect(leakScan.leaks()).toEqual(['standard error says xoxb-pla…']);
  });

  it('and nothing else: no examples, prefixes or texts that were never sent', () => {
    capturedLog().info('SLACK_BOT_TOKEN must begin with xoxb-, xoxp- or xoxe.xoxp-. (for example xoxb-your-token)');
    expect(leakScan.leaks()).toEqual([]);
  });
});

test('forgets what earlier test files sent and wrote, and keeps the secrets of the next', () => {
  leakScan.keep('a-secret-of-an-earlier-file');
  leakScan.saw('a log', TOKEN);
  leakScan.begin([SECRET]);
  leakScan.saw('a log', `a-secret-of-an-earlier-file and ${SECRET}`);
  expect(leakScan.leaks()).toEqual(['a log says a-signin…']);
});
