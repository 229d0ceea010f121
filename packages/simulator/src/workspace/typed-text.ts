/**
 * Matches the text in angle brackets that Slack's clients insert for mentions, channels, broadcasts and links.
 */
const TOKEN = /(<[@#!][^<>]+>|<(?:https?|mailto):[^<>]+>)/;
const URL_START = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]]/g;

/**
 * Converts text that a person types to the text that Slack stores. Slack escapes `&`, `<` and `>`, puts URLs in angle
 * brackets, and keeps mentions such as `<@U…>` unchanged. Source: docs.slack.dev, "Formatting message text".
 */
export function typedText(typed: string): string {
  return typed
    .split(TOKEN)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part).replace(URL_START, '<$&>')))
    .join('');
}

/** Returns the links in the stored text of a message. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/<(https?:[^|>]+)(?:\|[^>]*)?>/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
