/** Code blocks and code spans, which Markdown and Slack's own markup share. */
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;

/** Markup that only Markdown has: Slack shows it as plain characters in a text, and renders it in a `markdown` block. */
const MARKDOWN: readonly RegExp[] = [
  /\*\*[^\s*][^*\n]*\*\*/, // bold
  /(?<![\w_])__[^\s_][^_\n]*__(?![\w_])/, // bold
  /~~[^\s~][^~\n]*~~/, // strikethrough
  /\[[^[\]\n]+\]\((?:https?:|mailto:)[^()\s]+\)/, // link or image
  /^#{1,6} \S/m, // heading
  /^[ \t]*(?:[-*+]|\d{1,9}[.)]) \S/m, // list
  /^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[ \t|:-]*$/m, // the second line of a table
];

/** A code block with the name of its language, which only Markdown has. */
const NAMED_CODE = /^```[\w+-]+\n/m;

/** Whether a text is written in Markdown. Other texts are plain, or in Slack's own markup. */
export function isMarkdown(text: string): boolean {
  if (NAMED_CODE.test(text)) return true;
  const prose = text
    .split(CODE)
    .filter((_part, index) => index % 2 === 0)
    .join('x');
  return MARKDOWN.some((pattern) => pattern.test(prose));
}

/**
 * Returns Markdown for a `markdown` block. Links in Slack's own markup become Markdown; mentions such as `<@U…>` stay,
 * because Slack recognizes them in the block.
 */
export function forMarkdownBlock(text: string): string {
  return outsideCode(text, (prose) =>
    prose.replace(/<(https?:[^<>|\s]+)\|([^<>|\n]+)>/g, (_link, url: string, label: string) => `[${label}](${url})`),
  );
}

/** Returns Markdown in Slack's own markup, for notifications and for clients without blocks. Tables stay unchanged. */
export function toSlackMarkup(text: string): string {
  return outsideCode(text, (prose) =>
    prose
      .replace(/(?<![*\w])\*([^\s*][^*\n]*)\*(?![*\w])/g, '_$1_')
      .replace(/^#{1,6} (.+)$/gm, (_line, title: string) => `*${title.trim().replace(/\*\*|__/g, '')}*`)
      .replace(/\*\*([^\s*][^*\n]*)\*\*/g, '*$1*')
      .replace(/(?<![\w_])__([^\s_][^_\n]*)__(?![\w_])/g, '*$1*')
      .replace(/~~([^\s~][^~\n]*)~~/g, '~$1~')
      .replace(/!?\[([^[\]\n]+)\]\(((?:https?:|mailto:)[^()\s]+)\)/g, '<$2|$1>')
      .replace(/^([ \t]*)[-*+] (?=\S)/gm, '$1• '),
  ).replace(/^```[\w+-]+\n/gm, '```\n');
}

function outsideCode(text: string, convert: (prose: string) => string): string {
  return text
    .split(CODE)
    .map((part, index) => (index % 2 === 0 ? convert(part) : part))
    .join('');
}
