import type { RichTextBlock, RichTextElement } from '@slack/types';

const TOKEN =
  /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|<!(here|channel|everyone)>|<(https?:[^|>]+)(?:\|([^>]*))?>|:([a-z0-9_+-]+):/g;

/** Creates the `rich_text` block that Slack adds to a message that is posted with text only. */
export function richText(text: string, blockId: string): RichTextBlock {
  const elements: RichTextElement[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) elements.push({ type: 'text', text: plain(text.slice(end, match.index)) });
    const [, user, channel, range, url, label, emoji] = match;
    if (user) elements.push({ type: 'user', user_id: user });
    else if (channel) elements.push({ type: 'channel', channel_id: channel });
    else if (range) elements.push({ type: 'broadcast', range: range as 'here' });
    else if (url) elements.push(label ? { type: 'link', url, text: label } : { type: 'link', url });
    else if (emoji) elements.push({ type: 'emoji', name: emoji });
    end = match.index + match[0].length;
  }
  if (end < text.length) elements.push({ type: 'text', text: plain(text.slice(end)) });
  return { type: 'rich_text', block_id: blockId, elements: [{ type: 'rich_text_section', elements }] };
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
