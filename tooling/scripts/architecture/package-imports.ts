import { importTargets } from './import-targets.ts';
import { importsOf } from './source-file.ts';
import type { FileRule } from './violation.ts';

const SCOPE = '@slack-mcp/';

/** The packages of this repository and of the platform that each package may import. */
const MAY_IMPORT: ReadonlyMap<RegExp, { ours: RegExp; platform?: RegExp; platformTypes?: RegExp }> = new Map([
  [/^core$/, { ours: /^$/ }],
  [/^backend-/, { ours: /^core(\/backend)?$/, platformTypes: /^@modelcontextprotocol\/sdk/ }],
  [/^conformance$/, { ours: /^core(\/backend)?$/ }],
  [/^slack$/, { ours: /^core$/, platformTypes: /^@slack\/(web-api|types)$/ }],
  [/^consumer$/, { ours: /^(core(\/ops)?|slack)$/, platformTypes: /^@slack\/types$/ }],
  [/^server$/, { ours: /^(core(\/ops)?|slack)$/, platform: /^@modelcontextprotocol\/|^@slack\/socket-mode$/ }],
  [/^simulator$/, { ours: /^$/, platform: /^@slack\/types$/ }],
]);

const PLATFORM = /^@slack\/|^@modelcontextprotocol\//;
const SOCKET_MODE_HOME = 'packages/server/src/ingress/socket-mode-client.ts';

const ruledPackage = (path: string): string => /^packages\/([^/]+)\//.exec(path)?.[1] ?? '';

/** A package imports only allowed packages of this repository and of the platform. */
export const packageImports: FileRule = (file) => {
  const name = ruledPackage(file.path);
  const allowed = [...MAY_IMPORT].find(([pattern]) => pattern.test(name))?.[1];
  if (allowed === undefined) return [];
  return importsOf(file).flatMap(({ specifier, typeOnly, line }) => {
    const violation = (message: string) => [{ path: file.path, line, rule: 'package-imports', message }];
    if (specifier.startsWith(SCOPE)) {
      const target = specifier.slice(SCOPE.length);
      if (target.split('/')[0] === name) return violation(`${name} imports itself by name`);
      return allowed.ours.test(target) ? [] : violation(`${name} may not import ${specifier}`);
    }
    if (PLATFORM.test(specifier)) {
      if (allowed.platform?.test(specifier)) return [];
      if (allowed.platformTypes?.test(specifier)) {
        return typeOnly ? [] : violation(`${name} may import only types of ${specifier}`);
      }
      return violation(`${name} may not import ${specifier}`);
    }
    if (name === 'core' && !specifier.startsWith('.') && !specifier.startsWith('node:')) {
      return violation(`core must not have dependencies, found ${specifier}`);
    }
    return [];
  });
};

/** `@slack/socket-mode` is optional, so only one file may import it. */
export const socketModeHome: FileRule = (file) =>
  importsOf(file)
    .filter(({ specifier }) => specifier.startsWith('@slack/socket-mode') && file.path !== SOCKET_MODE_HOME)
    .map(({ line }) => ({
      path: file.path,
      line,
      rule: 'socket-mode-home',
      message: `only ${SOCKET_MODE_HOME} may import @slack/socket-mode, which is optional`,
    }));

/** A relative import stays inside the package's `src`, and names the file that defines what it imports. */
export const relativeImports: FileRule = (file) => {
  const source = /^packages\/[^/]+\/src\//.exec(file.path)?.[0];
  if (source === undefined) return [];
  return importTargets(file).flatMap(({ specifier, target, line }) => {
    const violation = (rule: string, message: string) => [{ path: file.path, line, rule, message }];
    if (!target.startsWith(source)) return violation('relative-imports', `${specifier} leaves the package's src`);
    if (target === `${source}index.ts`) {
      return violation('no-own-index', 'index.ts is the public surface; inside the package, import the file itself');
    }
    return [];
  });
};
