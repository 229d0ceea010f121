import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** What a client received from a server. */
export interface Exercise {
  tools: string[];
  results: Record<string, CallToolResult>;
  emoji: Record<string, string>;
  prompt: string;
}

/** Lists everything, calls tools that post, react and read, reads the resource and a prompt. The SDK checks every output. */
export async function exerciseClient(client: Client): Promise<Exercise> {
  const { tools } = await client.listTools();
  const results: Record<string, CallToolResult> = {};
  const call = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
    results[name] = result;
    return result.structuredContent ?? {};
  };
  const { ts } = await call('slack_post_message', { channel: '#general', text: 'Hello from a client' });
  await call('slack_thread_reply', { channel: 'general', thread_ts: ts, texts: ['First', 'Second'] });
  await call('slack_add_reactions', { channel: 'general', timestamp: ts, emojis: ['thumbsup'] });
  await call('slack_read_channel_messages', { channel: 'general', limit: 1 });
  await call('slack_read_thread_messages', { channel: 'general', thread_ts: ts });
  await call('slack_read_emojis', {});
  const { resources } = await client.listResources();
  const { contents } = await client.readResource({ uri: resources[0]?.uri ?? '' });
  const [content] = contents;
  const { prompts } = await client.listPrompts();
  const prompt = await client.getPrompt({ name: prompts[0]?.name ?? '', arguments: { channel: 'general' } });
  const { content: said } = prompt.messages[0] ?? {};
  return {
    tools: tools.map(({ name }) => name),
    results,
    emoji: JSON.parse(content !== undefined && 'text' in content ? content.text : '{}').emoji,
    prompt: said?.type === 'text' ? said.text : '',
  };
}
