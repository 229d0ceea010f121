import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { thirdPartyLicenses } from '../packaging/third-party-licenses.ts';

/** The modules of other packages that the console loads, by the name of their copy. */
const MODULES: Readonly<Record<string, string>> = {
  'preact.js': 'preact/dist/preact.mjs',
  'hooks.js': 'preact/hooks/dist/hooks.mjs',
  'htm.js': 'htm/dist/htm.mjs',
};

const CORE = 'packages/core';

/**
 * The copies of the modules that the console loads, with their licences, as paths and contents. They are the published
 * files, except that they import each other by path, because a browser resolves no package names without an inline
 * import map, and that they name no source map.
 */
export function vendoredFiles(root: string): readonly (readonly [path: string, content: string])[] {
  const sources = Object.entries(MODULES).map(
    ([name, path]) => [name, join(root, CORE, 'node_modules', path)] as const,
  );
  const copies = sources.map(([name, source]) => [name, browserModule(readFileSync(source, 'utf8'))] as const);
  const modules = sources.map(([, source]) => source);
  const all = [...copies, ['LICENSES.txt', thirdPartyLicenses(modules)] as const];
  return all.map(([name, content]) => [`${CORE}/console/vendor/${name}`, content]);
}

function browserModule(source: string): string {
  const text = source.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, '').replaceAll('from"preact"', 'from"./preact.js"');
  const [unresolved] = /\bfrom ?"[^."][^"]*"/.exec(text) ?? [];
  if (unresolved !== undefined)
    throw new Error(`a module of the console has an import that no browser resolves: ${unresolved}`);
  return `${text.trimEnd()}\n`;
}
