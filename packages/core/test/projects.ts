import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Files by path: a string is the content, other values are JSON. `{ link: 'path' }` is a symbolic link in the project.
 */
export type Files = Readonly<Record<string, unknown>>;

/** A temporary folder that is deleted after the test. */
export interface Project extends Disposable {
  readonly folder: string;
  path(...parts: string[]): string;
}

/** Writes packages to a temporary folder. */
export function createProject(files: Files): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slack-mcp-')));
  const path = (...parts: string[]): string => join(folder, ...parts);
  for (const [name, content] of Object.entries(files)) {
    const file = path(name);
    mkdirSync(dirname(file), { recursive: true });
    if (isLink(content)) symlinkSync(path(content.link), file);
    else writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { folder, path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The files of a backend package at `folder` that exports a working plugin. */
export function backendPackage(
  folder: string,
  name: string,
  manifest: object = {},
  code: string = pluginCode(name),
): Files {
  return {
    [`${folder}/package.json`]: {
      name: folder.split('node_modules/').at(-1),
      version: '1.2.3',
      type: 'module',
      exports: { '.': './index.js' },
      'slack-mcp': { queueBackend: name, apiVersion: 1 },
      ...manifest,
    },
    [`${folder}/index.js`]: code,
  };
}

/** A plugin in plain JavaScript. Its backend exposes its environment and its file. */
export function pluginCode(name: string, changes = ''): string {
  return `
    class Backend {
      name = ${JSON.stringify(name)};
      capabilities = {
        scope: 'process', persistent: false, ordering: 'none', idempotentPublish: false, retainsWithoutGroup: false,
        patterns: false, retryCount: 'exact', settlement: 'individual', maxPayloadBytes: null,
      };
      endpoint = 'broker://user:secret@localhost:1234/0?password=secret';
      file = import.meta.filename;
      constructor(env, options) { this.env = env; this.options = options; }
      static fromEnv(env, options) { return new Backend(env, options); }
      async publish() {}
      consume() {}
      deadLetters() {}
      async health() { return { status: 'up', detail: {} }; }
      async close() {}
      async [Symbol.asyncDispose]() {}
    }
    const plugin = { apiVersion: 1, name: ${JSON.stringify(name)}, env: [], Backend };
    ${changes}
    export default plugin;
  `;
}

function isLink(content: unknown): content is { link: string } {
  return typeof content === 'object' && content !== null && 'link' in content;
}
