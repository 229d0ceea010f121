/** A `conversations.history` answer with 100 messages in Slack's format. */
export const HISTORY: string = JSON.stringify({
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
