/** A section of a canvas: a heading, a paragraph, a list or a block of code. */
export interface CanvasSection {
  readonly id: string;
  readonly html: string;
}

/** Returns the sections of Markdown as HTML, which is how Slack returns canvases. */
export function sectionsOfMarkdown(markdown: string): string[] {
  const blocks = markdown
    .replace(/\r\n/g, '\n')
    // A heading is a section of its own, also without an empty line around it.
    .replace(/^(#{1,6} .*)$/gm, '\n$1\n')
    .split(/\n{2,}/)
    .map((block) => block.trim());
  return blocks.filter(Boolean).map(htmlOf);
}

/** Returns the sections of the HTML of a canvas: the elements at its top level, or the whole text. */
export function sectionsOfHtml(html: string): string[] {
  const elements = html.match(/<(h[1-6]|p|ul|ol|pre|blockquote|table|div)\b[^>]*>[\s\S]*?<\/\1>/gi);
  return elements ?? (html.trim() === '' ? [] : [html]);
}

/** Returns the type of a section as `canvases.sections.lookup` names it, such as `h1`. */
export function sectionType(html: string): string {
  return /^<(h[1-6])\b/i.exec(html)?.[1]?.toLowerCase() ?? 'other';
}

/** Returns the text of a section that people see. */
export function sectionText(html: string): string {
  return html
    .replace(/<[^<>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function htmlOf(block: string): string {
  const [, marks, title] = /^(#{1,6}) (.*)$/.exec(block) ?? [];
  if (marks !== undefined) return `<h${marks.length}>${escaped(title ?? '')}</h${marks.length}>`;
  const lines = block.split('\n');
  if (lines.every((line) => /^[-*+] /.test(line))) return `<ul>${items(lines, /^[-*+] /)}</ul>`;
  if (lines.every((line) => /^\d+[.)] /.test(line))) return `<ol>${items(lines, /^\d+[.)] /)}</ol>`;
  return `<p>${lines.map(escaped).join('<br/>')}</p>`;
}

function items(lines: readonly string[], mark: RegExp): string {
  return lines.map((line) => `<li>${escaped(line.replace(mark, ''))}</li>`).join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
