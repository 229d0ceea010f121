const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Matches a tag, or text before the next tag. Never looks past the next `<`, so that matching takes linear time. */
const TOKEN = /<([^<>]*)>|[^<]+|</g;

/** Elements whose content is not text for readers. */
const HIDDEN: ReadonlySet<string> = new Set(['script', 'style', 'head']);

/** Elements that begin and end on a line of their own. */
const BLOCKS: ReadonlySet<string> = new Set(['p', 'div', 'ul', 'ol', 'table', 'blockquote', 'pre']);

/**
 * Converts the HTML of a canvas to text, with Markdown for headings, lists and links. Unknown tags are removed, and
 * their text is kept.
 */
export function canvasText(html: string): string {
  const parts: string[] = [];
  let hidden = '';
  let link: { url: string; start: number } | undefined;
  for (const [token, tag] of html.matchAll(TOKEN)) {
    const name = tag === undefined ? '' : (/^\/?([a-z][a-z0-9]*)/i.exec(tag)?.[1] ?? '').toLowerCase();
    if (hidden !== '') {
      if (tag?.startsWith('/') === true && name === hidden) hidden = '';
    } else if (tag === undefined) {
      parts.push(decoded(token.replace(/\s+/g, ' ')));
    } else if (tag.startsWith('/')) {
      if (name === 'a' && link !== undefined) {
        const label = parts.splice(link.start).join('').trim();
        parts.push(label === '' || label === link.url ? link.url : `[${label}](${link.url})`);
        link = undefined;
      } else if (BLOCKS.has(name) || /^h[1-6]$/.test(name)) parts.push('\n');
    } else if (HIDDEN.has(name)) hidden = name;
    else if (name === 'a') link ??= linkOf(tag, parts.length);
    else parts.push(opening(name, tag));
  }
  return parts
    .join('')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Returns the text that the opening tag of an element adds. */
function opening(name: string, tag: string): string {
  if (/^h[1-6]$/.test(name)) return `\n\n${'#'.repeat(Number(name[1]))} `;
  if (BLOCKS.has(name) || name === 'br' || name === 'tr') return '\n';
  if (name === 'td' || name === 'th') return ' | ';
  return name === 'li' ? `\n- ${checkBox(tag)}` : '';
}

/** Returns the Markdown check box of a list item, or an empty string if the item has no check box. */
function checkBox(tag: string): string {
  const names = (/\bclass="([^"]*)"|\bclass='([^']*)'/i.exec(tag)?.slice(1).join(' ') ?? '').split(/\s+/);
  if (names.includes('checked')) return '[x] ';
  return names.includes('unchecked') ? '[ ] ' : '';
}

function linkOf(tag: string, start: number): { url: string; start: number } | undefined {
  const [, double, single] = /\bhref="([^"]*)"|\bhref='([^']*)'/i.exec(tag) ?? [];
  const url = decoded(double ?? single ?? '').trim();
  return url === '' ? undefined : { url, start };
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (entity, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : entity;
  });
}
