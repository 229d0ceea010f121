import { importsOf, type SourceFile, withoutComments } from './source-file.ts';

/** A broken rule. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

type Rule = (file: SourceFile) => Violation[];

const SCOPE = '@slack-mcp/';

/** Which of our packages, and of the platform's, a package may import. */
const MAY_IMPORT: ReadonlyMap<RegExp, { ours: RegExp; platform?: RegExp; platformTypes?: RegExp }> = new Map([
  [/^core$/, { ours: /^$/ }],
  [/^backend-/, { ours: /^core(\/backend)?$/, platformTypes: /^@modelcontextprotocol\/sdk/ }],
  [/^conformance$/, { ours: /^core(\/backend)?$/ }],
  [/^slack$/, { ours: /^core$/, platformTypes: /^@slack\/(web-api|types)$/ }],
  [/^consumer$/, { ours: /^(core|slack)$/, platformTypes: /^@slack\/types$/ }],
  [/^server$/, { ours: /^(core|slack)$/, platform: /^@modelcontextprotocol\/|^@slack\/socket-mode$/ }],
  [/^simulator$/, { ours: /^$/, platform: /^@slack\/types$/ }],
]);

const PLATFORM = /^@slack\/|^@modelcontextprotocol\//;
const SOCKET_MODE_HOME = 'packages/server/src/ingress/socket-mode-client.ts';

const packageOf = (path: string): string => path.split('/')[1] ?? '';

const packageImports: Rule = (file) => {
  const name = packageOf(file.path);
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
      return violation(`core has no dependency, found ${specifier}`);
    }
    return [];
  });
};

const socketModeHome: Rule = (file) =>
  importsOf(file)
    .filter(({ specifier }) => specifier.startsWith('@slack/socket-mode') && file.path !== SOCKET_MODE_HOME)
    .map(({ line }) => ({
      path: file.path,
      line,
      rule: 'socket-mode-home',
      message: `only ${SOCKET_MODE_HOME} imports @slack/socket-mode, which is optional`,
    }));

const relativeImports: Rule = (file) => {
  const segments = file.path.split('/');
  const inServer = /^packages\/server\/src\/(ingress|mcp)\//.exec(file.path)?.[1];
  return importsOf(file).flatMap(({ specifier, line }) => {
    if (!specifier.startsWith('.')) return [];
    const target = new URL(specifier, `file:///${file.path}`).pathname.slice(1);
    const violation = (rule: string, message: string) => [{ path: file.path, line, rule, message }];
    if (!target.startsWith(segments.slice(0, 3).join('/'))) {
      return violation('relative-imports', `${specifier} leaves the package's src`);
    }
    const other = inServer === 'ingress' ? 'mcp' : inServer === 'mcp' ? 'ingress' : undefined;
    if (other !== undefined && target.startsWith(`packages/server/src/${other}/`)) {
      return violation('ingress-and-mcp', `${inServer}/ and ${other}/ never import each other`);
    }
    if (target === `${segments.slice(0, 3).join('/')}/index.ts`) {
      return violation('no-own-index', 'index.ts is the public surface, inside the package import the file itself');
    }
    return [];
  });
};

/** Exactly one file holds state at module level: two memory backends of one name share their queues through it. */
const REGISTRY = /^packages\/backend-memory\/src\/[a-z-]*registry\.ts$/;
const MUTABLE =
  /^(?:export\s+)?(?:(let|var)\s|const\s+\w+\s*(:[^=]*)?=\s*(?:new (?:Map|Set|WeakMap|WeakSet|Array)\b|\[\s*\];?\s*$|\{\s*\};?\s*$))/;

const moduleState: Rule = (file) => {
  if (REGISTRY.test(file.path)) return [];
  return withoutComments(file.text)
    .split('\n')
    .flatMap((text, index) => {
      const match = MUTABLE.exec(text);
      if (match === null || /Readonly(Map|Set|Array)?\b|readonly /.test(match[2] ?? '')) return [];
      return [{ path: file.path, line: index + 1, rule: 'module-state', message: 'no mutable state at module level' }];
    });
};

const plainNames: Rule = (file) =>
  /\/(utils?|helpers?|common|misc)(\.ts|\/)/.test(file.path)
    ? [{ path: file.path, line: 1, rule: 'plain-names', message: 'name the file after the one concept it holds' }]
    : [];

const MAX_LINES = 300;

const fileSize: Rule = (file) => {
  const lines = file.text.trimEnd().split('\n').length;
  return lines > MAX_LINES
    ? [{ path: file.path, line: lines, rule: 'file-size', message: `${lines} lines: more than one concept?` }]
    : [];
};

const defaultExports: Rule = (file) => {
  if (/^packages\/backend-[a-z]+\/src\/index\.ts$/.test(file.path)) return [];
  const lines = withoutComments(file.text).split('\n');
  const line = lines.findIndex((text) => /^export default\b|\bas default\b/.test(text)) + 1;
  return line > 0
    ? [{ path: file.path, line, rule: 'default-exports', message: 'only a backend has a default export, its manifest' }]
    : [];
};

const FILE_RULES: readonly Rule[] = [
  packageImports,
  socketModeHome,
  relativeImports,
  moduleState,
  plainNames,
  fileSize,
  defaultExports,
];

/** Only one file per package reads the process's environment. */
function environmentReaders(files: readonly SourceFile[]): Violation[] {
  const readers = Map.groupBy(
    files.filter((file) => /\bprocess\.env\b|\benv\b[^;]*\bfrom 'node:process'/.test(withoutComments(file.text))),
    (file) => packageOf(file.path),
  );
  return [...readers.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) =>
      group.map((file) => ({
        path: file.path,
        line: 1,
        rule: 'one-environment-reader',
        message: `process.env is read in ${group.length} files of the package`,
      })),
    );
}

/** Files that import each other in a circle, types aside. */
function cycles(files: readonly SourceFile[]): Violation[] {
  const known = new Set(files.map((file) => file.path));
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
        .map(({ specifier }) => new URL(specifier, `file:///${file.path}`).pathname.slice(1))
        .filter((target) => known.has(target)),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      const circle = [...trail.slice(trail.indexOf(path)), path].join(' → ');
      found.push({ path, line: 1, rule: 'no-cycles', message: circle });
      return;
    }
    state.set(path, 'open');
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** Every broken rule of the architecture in these files. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return [
    ...files.flatMap((file) => FILE_RULES.flatMap((rule) => rule(file))),
    ...environmentReaders(files),
    ...cycles(files),
  ];
}
