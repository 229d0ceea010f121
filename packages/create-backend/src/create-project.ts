import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateError } from './create-error.ts';
import { dependencyRanges } from './dependency-ranges.ts';
import { assertEmpty, writeNewFile } from './project-folder.ts';
import { type ProjectNames, projectNames } from './project-names.ts';

/** Options of {@link createProject}. */
export interface ProjectOptions {
  /** The name of the backend in `QUEUE_BACKEND`, for example `nats`. */
  readonly name: string;
  /** The folder of the project, which must be empty or not exist. Default: the name of the package. */
  readonly folder?: string;
  /** The folder that `folder` is relative to. Default: the working directory. */
  readonly cwd?: string;
}

/** A project that was created. */
export interface CreatedProject {
  readonly folder: string;
  /** The name of the package, for example `slack-mcp-backend-nats`. */
  readonly packageName: string;
  /** The files, relative to the folder. */
  readonly files: readonly string[];
  /** The places to fill in, for example `src/client.ts:18`. */
  readonly places: readonly string[];
}

const PACKAGE = new URL('../package.json', import.meta.url);
const TEMPLATE = fileURLToPath(new URL('../template', import.meta.url));

/**
 * Creates a project for a backend. Does not use the network.
 *
 * @throws CreateError - the name is not valid, or the folder is not empty, cannot be read or cannot be written
 */
export function createProject({ name, folder, cwd = '.' }: ProjectOptions): CreatedProject {
  const names = projectNames(name);
  if (folder === '') throw new CreateError('the name of the folder is empty: use another folder');
  const packageName = `slack-mcp-backend-${names.backend}`;
  const target = resolve(cwd, folder ?? packageName);
  assertEmpty(target);
  const files = filesOf(TEMPLATE).map((file) => {
    const text = fill(readFileSync(join(TEMPLATE, file), 'utf8'), names);
    return { path: pathOf(file), text: pathOf(file).endsWith('package.json') ? pinVersions(text) : text };
  });
  for (const { path, text } of files) writeNewFile(join(target, path), text);
  const places = files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (/FILL IN \d of 5/.test(line) ? [`${path}:${index + 1}`] : [])),
  );
  return { folder: target, packageName, files: files.map(({ path }) => path).sort(), places };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !/^(node_modules|dist)\//.test(path));
}

/**
 * Returns the path of a template file in the project. The template puts `_` before a name that npm would omit or use as
 * the manifest of this package.
 */
function pathOf(file: string): string {
  return file === '_package.json' ? 'package.json' : file.replace(/^_/, '.');
}

function fill(text: string, { backend, classes, variables }: ProjectNames): string {
  return text.replaceAll('ACME', variables).replaceAll('Acme', classes).replaceAll('acme', backend);
}

/** Replaces `latest` with the versions that this package was tested with. */
function pinVersions(text: string): string {
  const ranges = dependencyRanges(PACKAGE);
  return text.replace(/"(@?[\w./-]+)": "latest"/g, (all, name: string) => {
    const range = ranges.get(name);
    return range === undefined ? all : `"${name}": "${range}"`;
  });
}
