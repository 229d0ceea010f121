/** Prose of a file, and its line. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** Texts with fewer words are identifiers or names, not prose. */
const WORDS = 3;

/** The prose of a file: the text of Markdown without code, or the comments and longer strings of TypeScript. */
export function proseOf(path: string, text: string): Prose[] {
  return path.endsWith('.md') ? markdown(text) : source(text);
}

function markdown(text: string): Prose[] {
  const blank = (code: string): string => code.replace(/[^\n]/g, ' ');
  const plain = text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, blank).replace(/`[^`\n]*`/g, blank);
  return plain.split('\n').map((line, index) => ({ line: index + 1, text: line }));
}

/** After one of these, a slash begins a regular expression, not a division. */
const BEFORE_REGEXP = /(?:^|[=(,:;!&|?{}[+\n]|=>|\breturn|\btypeof|\bcase)\s*$/;

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g;

function source(text: string): Prose[] {
  const found: Prose[] = [];
  let line = 1;
  let counted = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token] = match;
    const isSlash = token.startsWith('/') && !token.startsWith('/*') && !token.startsWith('//');
    if (isSlash) {
      // A division: consume only the slash.
      if (!BEFORE_REGEXP.test(text.slice(Math.max(0, match.index - 20), match.index)))
        TOKEN.lastIndex = match.index + 1;
      continue;
    }
    line += text.slice(counted, match.index).split('\n').length - 1;
    counted = match.index;
    const isComment = token.startsWith('/');
    if (isComment || token.split(/\s+/).length >= WORDS) {
      for (const [offset, part] of token.split('\n').entries()) found.push({ line: line + offset, text: part });
    }
  }
  return found;
}
