import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createSlackPort } from '../src/index.ts';

interface Received {
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

async function openServer(status: number): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(parts) });
    response.writeHead(status, { location: '/elsewhere' }).end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const BYTES = Uint8Array.from([0, 255, 10, 13]);

it('sends the bytes without the token', async () => {
  const { url, received } = await openServer(200);
  const port = createSlackPort({ token: 'xoxb-secret', apiUrl: `${url}/api/` });
  await port.upload?.(`${url}/upload/v1/F1`, BYTES);
  expect(received).toHaveLength(1);
  expect(received[0]?.body).toEqual(Buffer.from(BYTES));
  expect(JSON.stringify(received[0]?.headers)).not.toContain('xoxb');
});

it.each([302, 404, 500])('rejects for the status %i, and does not follow redirects', async (status) => {
  const { url, received } = await openServer(status);
  const port = createSlackPort({ token: 'xoxb-secret', apiUrl: `${url}/api/` });
  await expect(port.upload?.(`${url}/upload/v1/F1`, BYTES)).rejects.toMatchObject({
    code: 'slack_unreachable',
    status,
  });
  expect(received).toHaveLength(1);
});

it.each(['https://files.slack.com.example.com/upload', 'http://files.slack.com/upload', 'file:///etc/passwd', ''])(
  'sends nothing to %j',
  async (url) => {
    const port = createSlackPort({ token: 'xoxb-secret' });
    await expect(port.upload?.(url, BYTES)).rejects.toMatchObject({ failure: 'invalid_answer' });
  },
);
