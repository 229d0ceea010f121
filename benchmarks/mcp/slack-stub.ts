import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `conversations.history` with 100 messages, as Slack sends them. */
const HISTORY = JSON.stringify({
  ok: true,
  messages: Array.from({ length: 100 }, (_, index) => {
    const text = `Message ${index}: ${'the build is green again '.repeat(5)}`;
    return {
      type: 'message',
      user: 'U0123456789',
      ts: `17000${String(index).padStart(5, '0')}.000100`,
      client_msg_id: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      text,
      team: 'T0123456789',
      blocks: [
        {
          type: 'rich_text',
          block_id: `b${index}`,
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
        },
      ],
      reactions: [{ name: 'tada', count: 2, users: ['U0123456789', 'U9876543210'] }],
    };
  }),
  has_more: true,
  response_metadata: { next_cursor: 'bmV4dF90czoxNzAwMDAwMDAw' },
});

const ANSWERS: Readonly<Record<string, string>> = {
  'conversations.history': HISTORY,
  'emoji.list': '{"ok":true,"emoji":{"shipit":"https://emoji.example.com/shipit.png"}}',
};

/** A Slack that answers at once, always the same. Resolves with the base of its Web API. */
export async function startSlackStub(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('x-oauth-scopes', 'channels:history,emoji:read,channels:read');
      response.setHeader('content-type', 'application/json');
      response.end(ANSWERS[request.url?.split('/').at(-1) ?? ''] ?? '{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}
