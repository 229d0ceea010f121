import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HISTORY } from '../slack-history.ts';

const ANSWERS: Readonly<Record<string, string>> = {
  'conversations.history': HISTORY,
  'emoji.list': '{"ok":true,"emoji":{"shipit":"https://emoji.example.com/shipit.png"}}',
};

/** Starts a Slack that always gives the same answer at once. Resolves to the base URL of its Web API. */
export async function startSlackStub(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('x-oauth-scopes', 'channels:history,channels:read,chat:write,emoji:read');
      response.setHeader('content-type', 'application/json');
      response.end(ANSWERS[request.url?.split('/').at(-1) ?? ''] ?? '{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}
