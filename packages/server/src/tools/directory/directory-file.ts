import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { Logger } from '@slack-mcp/core';
import { openOwnFile } from '../own-file.ts';
import type { NamedKind } from './name-errors.ts';
import { type Named, Names } from './names.ts';

/** Stores the names of a workspace in a file for the next run of the server. */
export interface DirectoryFile {
  /** Returns the names that an earlier run stored, or undefined if the file does not exist or cannot be trusted. */
  restore(kind: NamedKind): Promise<{ names: Names; readAt: number } | undefined>;
  /** Stores the names of one kind. A failure is only logged, because names can also be resolved without the file. */
  keep(kind: NamedKind, names: Names): void;
  /** Resolves when all pending writes are done. */
  idle(): Promise<void>;
}

/** Options of `openDirectoryFile`. */
export interface DirectoryFileOptions {
  path: string;
  /** Identifies the workspace and token. Names that were stored under another identity are not used. */
  identity: string;
  logger: Logger;
}

type Row = [
  id: string,
  names: readonly string[],
  external?: boolean,
  otherNames?: readonly string[],
  label?: string,
  about?: string,
];

interface Content {
  version: 2;
  identity: string;
  lists: Partial<Record<NamedKind, { readAt: number; entries: Row[] }>>;
}

const MAX_BYTES = 128 * 1024 * 1024;

/**
 * Creates a store for names in a file. The file is opened only when names are requested, only its owner can read it,
 * and each write replaces the whole file.
 */
export function openDirectoryFile({ path, identity, logger }: DirectoryFileOptions): DirectoryFile {
  let content: Promise<Content> | undefined;
  let writing: Promise<void> = Promise.resolve();

  function load(): Promise<Content> {
    content ??= readContent(path, identity).catch((error: unknown) => {
      const code = codeOf(error);
      if (code !== 'ENOENT') logger.warn({ path, reason: code }, 'slack_directory_not_restored');
      return { version: 2, identity, lists: {} };
    });
    return content;
  }

  return {
    async restore(kind) {
      const list = (await load()).lists[kind];
      if (list === undefined) return undefined;
      const names = new Names(Number.POSITIVE_INFINITY);
      for (const row of list.entries) names.add(entryOf(row));
      return { names, readAt: list.readAt };
    },
    keep(kind, names) {
      const list = { readAt: Date.now(), entries: [...names.entries()].map(rowOf) };
      writing = writing.then(async () => {
        const kept = await load();
        kept.lists[kind] = list;
        try {
          await replace(path, JSON.stringify(kept));
        } catch (error) {
          logger.warn({ path, reason: codeOf(error) }, 'slack_directory_not_kept');
        }
      });
    },
    idle: () => writing,
  };
}

/** @throws Error - the file cannot be used; the error's `code` gives the reason */
async function readContent(path: string, identity: string): Promise<Content> {
  // A user who can write this file decides where messages go.
  const file = await openOwnFile(path);
  try {
    if ((await file.stat()).size > MAX_BYTES) throw distrust('too_large');
    const content: unknown = JSON.parse(await file.readFile('utf8'));
    if (!isContent(content)) throw distrust('unknown_format');
    if (content.identity !== identity) throw distrust('other_workspace');
    return content;
  } finally {
    await file.close();
  }
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function isContent(value: unknown): value is Content {
  const { version, identity, lists } = (value ?? {}) as Partial<Content>;
  if (version !== 2 || typeof identity !== 'string' || typeof lists !== 'object' || lists === null) return false;
  return Object.values(lists).every(
    (list) => typeof list?.readAt === 'number' && Array.isArray(list.entries) && list.entries.every(isRow),
  );
}

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || typeof row[0] !== 'string' || !Array.isArray(row[1])) return false;
  const [, names, external = false, otherNames = [], label = '', about = ''] = row;
  if (typeof label !== 'string' || typeof about !== 'string') return false;
  if (typeof external !== 'boolean' || !Array.isArray(otherNames)) return false;
  return [...names, ...otherNames].every((name) => typeof name === 'string');
}

function rowOf({ id, names, external = false, otherNames = [], label = '', about = '' }: Named): Row {
  if (about !== '') return [id, names, external, otherNames, label, about];
  if (label !== '') return [id, names, external, otherNames, label];
  if (otherNames.length > 0) return [id, names, external, otherNames];
  return external ? [id, names, true] : [id, names];
}

function entryOf([id, names, external = false, otherNames = [], label = '', about = '']: Row): Named {
  return {
    id,
    names,
    ...(external ? { external } : {}),
    ...(otherNames.length > 0 ? { otherNames } : {}),
    ...(label === '' ? {} : { label }),
    ...(about === '' ? {} : { about }),
  };
}

function distrust(code: string): Error {
  return Object.assign(
    new Error(`The file with cached names cannot be used (${code}); names are read from Slack instead.`),
    {
      code,
    },
  );
}

function codeOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'unknown_format';
  return String((error as { code?: unknown }).code ?? 'unknown');
}
