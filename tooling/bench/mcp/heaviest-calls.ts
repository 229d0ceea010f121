const call = (name: string, args: object) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
});
const post = (text: string) => call('slack_post_message', { channel: 'C0123456789', text });
const LARGEST = 4 * 1024 * 1024 - 1_024;

/** The calls of one client that take the longest to read, each within the limits of the server. */
export const HEAVIEST_CALLS: readonly object[] = [
  post('x'.repeat(LARGEST)),
  post('\u0001'.repeat(LARGEST / 6)),
  post('<!here|'.repeat(5_700)),
  post('```'.repeat(13_000)),
  call('slack_thread_reply', {
    channel: 'C0123456789',
    thread_ts: '1700000000.000100',
    texts: Array(19_000).fill('x'),
  }),
  call('slack_post_message', Object.fromEntries(Array.from({ length: 19_000 }, (_, n) => [`channel${n}`, n]))),
  call('slack_read_channel_messages', { channel: 'C0123456789', limit: 1_000 }),
];
