import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createSlackPort } from '../src/index.ts';

async function openServer(status: number, body: Uint8Array = Uint8Array.of(0, 255)) {
  const received: { method: string | undefined; url: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer(({ method, url, headers: { authorization } }, response) => {
    received.push({ method, url, authorization });
    response.writeHead(status, { 'content-type': 'Image/PNG; x=1', location: '/elsewhere' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const TOKENS = { bot: 'xoxb-secret', user: 'xoxp-secret' };

it.each([
  [undefined, 'Bearer xoxb-secret'],
  ['user', 'Bearer xoxp-secret'],
] as const)('downloads a file as %s', async (as, authorization) => {
  const { url, received } = await openServer(200);
  const port = createSlackPort({ token: TOKENS, apiUrl: `${url}/api/` });
  const file = await port.download?.(`${url}/files-pri/T1-F1/a.png`, { maxBytes: 2, as });
  expect(file).toMatchObject({ contentType: 'image/png' });
  expect([...(file?.bytes ?? [])]).toEqual([0, 255]);
  expect(received).toEqual([{ method: 'GET', url: '/files-pri/T1-F1/a.png', authorization }]);
});

it.each([302, 404, 500])('rejects for the status %i, and does not follow redirects', async (status) => {
  const { url, received } = await openServer(status);
  const port = createSlackPort({ token: 'xoxb-secret', apiUrl: `${url}/api/` });
  const download = port.download?.(`${url}/files-pri/T1-F1/a.png`, { maxBytes: 10 });
  await expect(download).rejects.toMatchObject({ code: 'slack_unreachable', status });
  expect(received).toHaveLength(1);
});

it('rejects a file that is larger than allowed', async () => {
  const { url } = await openServer(200, new Uint8Array(100_000));
  const port = createSlackPort({ token: 'xoxb-secret', apiUrl: `${url}/api/` });
  const download = port.download?.(`${url}/files-pri/T1-F1/a.png`, { maxBytes: 99_999 });
  await expect(download).rejects.toMatchObject({ failure: 'answer_too_large' });
});

it.each([
  'https://files.slack.com.example.com/files-pri/T1-F1/a.png',
  'https://evil-slack-files.com/a.png',
  'https://user@files.slack.com/a.png',
  'https://files.slack.com:8443/a.png',
  'http://files.slack.com/a.png',
  'http://127.0.0.1:1/a.png',
  'file:///etc/passwd',
  '',
])('sends the token nowhere for %j', async (url) => {
  const { url: api, received } = await openServer(200);
  for (const apiUrl of [undefined, `${api}/api/`]) {
    const port = createSlackPort({ token: 'xoxb-secret', ...(apiUrl && { apiUrl }) });
    await expect(port.download?.(url, { maxBytes: 10 })).rejects.toMatchObject({ failure: 'invalid_answer' });
  }
  expect(received).toEqual([]);
});
