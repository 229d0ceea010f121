/** The methods of an official client, of either line, that are used here. */
export interface ProtocolClient {
  listTools(): Promise<{ tools: readonly { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<Record<string, unknown>>;
  readResource(resource: { uri: string }): Promise<{ contents: readonly { uri: string }[] }>;
  getPrompt(prompt: { name: string; arguments: Record<string, string> }): Promise<{
    messages: readonly { role: string; content: unknown }[];
  }>;
}

/** What a client received. */
export interface Exchange {
  /** Names. */
  tools: string[];
  /** Texts of the newest messages of the channel `general`. */
  texts: string[];
  resource: unknown;
  /** Text of the first message. */
  prompt: string;
}

/** Lists tools, calls one, reads a resource and gets a prompt. */
export async function exchange(client: ProtocolClient): Promise<Exchange> {
  const { tools } = await client.listTools();
  const read = await client.callTool({ name: 'slack_read_channel_messages', arguments: { channel: 'general' } });
  const { contents } = await client.readResource({ uri: 'slack://emojis' });
  const { messages } = await client.getPrompt({
    name: 'slack_read_channel_messages_usage',
    arguments: { channel: 'general' },
  });
  return {
    tools: tools.map(({ name }) => name),
    texts: (read['structuredContent'] as { messages: { text: string }[] }).messages.map(({ text }) => text),
    resource: JSON.parse((contents[0] as unknown as { text: string }).text),
    prompt: (messages[0] as { content: { text: string } }).content.text,
  };
}
