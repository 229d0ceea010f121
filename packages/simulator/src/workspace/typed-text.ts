/** The text that Slack's clients insert themselves: mentions, channels, broadcasts and links in angle brackets. */
const TOKEN = /(<[@#!][^<>]+>|<(?:https?|mailto):[^<>]+>)/;
const URL_START = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]]/g;

/**
 * The text that Slack stores for what a person types: `&`, `<` and `>` escaped, URLs put in angle brackets,
 * mentions such as `<@U…>` unchanged. Source: docs.slack.dev, "Formatting message text".
 */
export function typedText(typed: string): string {
  return typed
    .split(TOKEN)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part).replace(URL_START, '<$&>')))
    .join('');
}

/** The links in a message's text, as Slack stores them. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/<(https?:[^|>]+)(?:\|[^>]*)?>/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
