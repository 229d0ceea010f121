import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A sentence for human readers. */
export interface Sentence {
  readonly kind: 'readme' | 'tsdoc' | 'error' | 'description';
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const LEFT_OUT = /(^|\/)(node_modules|dist|\.git|\.turbo|\.changeset|adr)(\/|$)|CHANGELOG\.md$|docs\/guarantees\.md$/;

/** All sentences of the READMEs and docs, and of the TSDoc, errors and descriptions in the published packages. */
export function readSentences(root: string): Sentence[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
  return files.flatMap((path) => {
    if (path.endsWith('.md')) return markdownSentences(path, readFileSync(join(root, path), 'utf8'));
    if (!/^packages\/[^/]+\/src\/.*\.ts$/.test(path)) return [];
    return sourceSentences(path, readFileSync(join(root, path), 'utf8'));
  });
}

function markdownSentences(path: string, text: string): Sentence[] {
  const prose = text
    .replace(/^[ \t]*```[\s\S]*?^[ \t]*```/gm, blanked)
    .replace(/<!--[\s\S]*?-->/g, blanked)
    .replace(/^[|#].*$/gm, blanked);
  return paragraphs(prose).flatMap(({ line, text: paragraph }) => split('readme', path, line, paragraph));
}

function sourceSentences(path: string, text: string): Sentence[] {
  const found: Sentence[] = [];
  for (const match of text.matchAll(/\/\*\*([\s\S]*?)\*\//g)) {
    const body = (match[1] ?? '').replace(/^[ \t]*\* ?/gm, '');
    found.push(...split('tsdoc', path, lineAt(text, match.index), body.replace(/\s+/g, ' ')));
  }
  for (const match of text.matchAll(/\b\w*Error\(\s*([`'"])((?:\\.|(?!\1)[\s\S])*)\1/g)) {
    found.push(...whole('error', path, lineAt(text, match.index), match[2] ?? ''));
  }
  for (const match of text.matchAll(/\bdescription:\s*([`'"])((?:\\.|(?!\1)[\s\S])*)\1/g)) {
    found.push(...split('description', path, lineAt(text, match.index), match[2] ?? ''));
  }
  return found;
}

function split(kind: Sentence['kind'], path: string, line: number, text: string): Sentence[] {
  return text
    .split(/(?<=[.!?:])\s+(?=[A-Z`@])|\s+(?=@(?:param|returns|throws)\b)/)
    .flatMap((sentence) => whole(kind, path, line, sentence));
}

/** Fragments of one or two words are names, not prose. */
function whole(kind: Sentence['kind'], path: string, line: number, sentence: string): Sentence[] {
  const text = sentence.replace(/\s+/g, ' ').trim();
  return text.split(' ').length < 4 ? [] : [{ kind, path, line, text }];
}

/** Paragraphs and list items, without the marker of the item. */
function paragraphs(text: string): { line: number; text: string }[] {
  return [...text.matchAll(/^.*\S.*$(?:\n(?!\s*(?:-|\d+\.) ).*\S.*$)*/gm)].map((match) => ({
    line: lineAt(text, match.index),
    text: match[0]
      .replace(/^> ?/gm, '')
      .replace(/^\s*(?:-|\d+\.) /, '')
      .replace(/\s+/g, ' '),
  }));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function blanked(text: string): string {
  return text.replace(/[^\n]/g, '');
}
