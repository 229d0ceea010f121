import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** The repository. */
export const ROOT: string = join(import.meta.dirname, '../../..');

/** The text of a file in `deploy/`. */
export function deployFile(path: string): string {
  return readFileSync(join(ROOT, 'deploy', path), 'utf8');
}

/** The YAML document in a file in `deploy/`. */
export function deployYaml<T = unknown>(path: string): T {
  return parse(deployFile(path)) as T;
}

/** All objects in the YAML documents of a text. */
export function yamlObjects(text: string): Record<string, unknown>[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    const value = document.toJS() as Record<string, unknown> | null;
    return value === null ? [] : [value];
  });
}

/** The names of the files in a folder of `deploy/` that end with `extension`. */
export function deployFiles(folder: string, extension: string): string[] {
  return readdirSync(join(ROOT, 'deploy', folder))
    .filter((name) => name.endsWith(extension))
    .sort();
}
