/**
 * Matches text that Slack puts in angle brackets: mentions, channels, special words and links, with or without a label.
 */
const MARKUP = /<(@[UW][A-Z0-9]+|#[CDG][A-Z0-9]+|![^<>|]+|(?:https?|mailto|tel|slack):[^<>|\s]+)(?:\|([^<>]*))?>/g;

/** Returns a text with mentions and links as people read them: `@Alice`, `#general`, `[label](https://example.com)`. */
export function plainMarkup(text: string): string {
  if (!text.includes('<')) return text;
  return text.replace(MARKUP, (found, what: string, label = '') => {
    switch (what[0]) {
      case '@':
      case '#':
        return what[0] + (label.replace(/^[@#]/, '') || what.slice(1));
      case '!':
        return specialWord(what, label) ?? found;
      default:
        return label === '' || isSameAddress(what, label) ? what : `[${label}](${what})`;
    }
  });
}

/** Returns the IDs and names of the users that a text mentions with their names. */
export function namedMentions(text: string): [id: string, name: string][] {
  if (!text.includes('<@')) return [];
  return [...text.matchAll(/<@([UW][A-Z0-9]+)\|([^<>]+)>/g)].map(([, id = '', name = '']) => [id, name]);
}

function specialWord(what: string, label: string): string | undefined {
  const [, word = '', id] = /^!(\w+)(?:\^([^^]*))?/.exec(what) ?? [];
  if (word === 'here' || word === 'channel' || word === 'everyone') return `@${word}`;
  if (label !== '') return word === 'subteam' ? `@${label.replace(/^@/, '')}` : label;
  return word === 'subteam' && id ? `@${id}` : undefined;
}

function isSameAddress(url: string, label: string): boolean {
  return url === label || url.replace(/^(?:https?:\/\/|mailto:|tel:)/, '') === label;
}
