import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/** What a client received and did. */
export interface Tour {
  readonly tools: number;
  /** Number of requests: the tools, the resource and the prompt. */
  readonly calls: number;
  readonly failures: readonly string[];
}

/** A message that the tools may read, reply to and react to. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** What the answer of a tool must contain, because an earlier call caused it. */
const EXPECTED: Readonly<Record<string, string>> = {
  slack_search_messages: 'Edited by an MCP client',
  slack_read_file: 'question,answer',
};

/** Lists everything, then calls tools and reads the resource and a prompt, as an AI client would. */
export async function tour(transport: Transport, place: Place, say: (what: string) => void): Promise<Tour> {
  const client = new Client({ name: 'slack-mcp-demo', version: '1.0.0' });
  await client.connect(transport);
  const failures: string[] = [];
  let calls = 0;

  async function step(what: string, request: () => Promise<object>): Promise<void> {
    calls += 1;
    try {
      const result = await request();
      if ('isError' in result && result.isError === true) throw new Error(JSON.stringify(result));
      say(`${what} ✓`);
    } catch (error) {
      failures.push(`${what}: ${(error as Error).message}`);
      say(`${what} ✗ ${(error as Error).message}`);
    }
  }

  try {
    const { tools } = await client.listTools();
    const listed = new Set(tools.map(({ name }) => name));
    const { channel, ts } = place;
    let posted: unknown;
    let file: unknown;
    const known: readonly (readonly [string, () => Record<string, unknown>])[] = [
      ['slack_find', () => ({ query: 'general' })],
      ['slack_post_message', () => ({ channel, text: 'Posted by an MCP client', preview: true })],
      ['slack_post_message', () => ({ channel, text: 'Posted by an MCP client' })],
      ['slack_edit_message', () => ({ channel, timestamp: posted, text: 'Edited by an MCP client' })],
      ['slack_search_messages', () => ({ query: 'Edited', sort: 'newest' })],
      ['slack_upload_file', () => ({ channel, thread_ts: ts, filename: 'answers.csv', content: 'question,answer' })],
      ['slack_read_file', () => ({ file })],
      ['slack_read_channel_messages', () => ({ channel, limit: 5 })],
      ['slack_read_thread_messages', () => ({ channel, thread_ts: ts })],
      ['slack_thread_reply', () => ({ channel, thread_ts: ts, texts: ['First answer', 'Second answer'] })],
      ['slack_read_emojis', () => ({})],
      ['slack_add_reactions', () => ({ channel, timestamp: ts, emojis: ['eyes', 'white_check_mark'] })],
    ];
    for (const [name, args] of known) {
      if (!listed.has(name)) failures.push(`${name}: is not listed`);
      const given = args();
      await step('preview' in given ? `${name}, as a preview` : name, async () => {
        const result = await client.callTool({ name, arguments: given });
        const [{ text = '' } = {}] = result.content as { text?: string }[];
        if (name === 'slack_post_message') posted = /^ts: (\S+)$/m.exec(text)?.[1];
        if (name === 'slack_upload_file') file = /^file_id: (\S+)$/m.exec(text)?.[1];
        const expected = EXPECTED[name];
        if (expected !== undefined && !text.includes(expected)) throw new Error(`${expected} is not in ${text}`);
        return result;
      });
    }
    await step('slack://emojis', () => client.readResource({ uri: 'slack://emojis' }));
    const { prompts } = await client.listPrompts();
    await step(`prompt ${prompts[0]?.name}`, () => client.getPrompt({ name: prompts[0]?.name ?? 'none' }));
    return { tools: tools.length, calls, failures };
  } finally {
    await client.close();
  }
}
