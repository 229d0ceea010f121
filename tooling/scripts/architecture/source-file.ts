import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A source file of a package. */
export interface SourceFile {
  /** Path from the repository's root, with forward slashes: `packages/core/src/errors.ts`. */
  readonly path: string;
  readonly text: string;
}

/** One import or re-export. */
export interface ImportStatement {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

const IMPORT =
  /(?:^|[;\n}])\s*(?:import|export)\s+(type\s+)?(?:[^'"`;()]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/** All imports of a file, including dynamic ones with a literal. Ignores comments. */
export function importsOf(file: SourceFile): ImportStatement[] {
  const text = withoutComments(file.text);
  return [...text.matchAll(IMPORT)].map((match) => ({
    specifier: (match[2] ?? match[3]) as string,
    typeOnly: match[1] !== undefined || isTypeOnlyList(match[0]),
    line: text.slice(0, match.index + match[0].length).split('\n').length,
  }));
}

/** Whether `import { type A, type B } from …` imports only types, without a leading `type`. */
function isTypeOnlyList(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined || /(import|export)\s+[A-Za-z_$]/.test(statement.trim())) return false;
  const items = names.split(',').map((item) => item.trim());
  return items.every((item) => item === '' || item.startsWith('type ')) && items.some((item) => item !== '');
}

/** The text without comments. Keeps the lines. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '));
}

/** Folders of a package without its own sources. */
const ELSEWHERE = /(^|\/)(node_modules|dist|test|results)\//;

/** The `.ts` files in `packages/*\/src` and `tooling/`, without tests. */
export function readSources(root: string): SourceFile[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'src'));
  return [...folders, 'tooling'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((path) => !ELSEWHERE.test(path))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}
