import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ConfigurationError, type JsonObject, type Logger, silentLogger } from '@slack-mcp/core';
import { AppendLog } from './append-log.ts';
import { holdFile } from './hold-file.ts';
import type { IdempotencyRecord, IdempotencyStore } from './idempotency-store.ts';

/** Options of `openFileIdempotencyStore`. */
export interface FileIdempotencyStoreOptions {
  /** Created where it is not there, readable by its owner alone. One process at a time can have it. */
  path: string;
  /** Most keys at once; the oldest go first. Default 10000. */
  maxKeys?: number;
  /** Milliseconds for which a key is remembered. Default 24 hours. */
  ttlMs?: number;
  logger?: Logger;
}

/** An `IdempotencyStore` in a file. */
export interface FileIdempotencyStore extends IdempotencyStore {
  /** Lets the file go. */
  close(): Promise<void>;
}

/** One line of the file. Keys are kept as digests: they may say more than they should. */
interface Line {
  readonly key: string;
  /** Of what the key was claimed for; absent where it is already. */
  readonly fingerprint?: string;
  /** Milliseconds since the epoch. */
  readonly at?: number;
  readonly result?: JsonObject;
  readonly released?: true;
}

type Kept = IdempotencyRecord & { readonly at: number };

/**
 * Remembers across restarts: every line is on the disk before the promise is resolved, so a key is claimed before
 * anything is done under it, whatever ends the process then. What a crash left half written is passed over.
 *
 * @throws ConfigurationError - another process has the file, or others can write to it
 * @throws the system's error, where the file cannot be read or written
 */
export async function openFileIdempotencyStore(options: FileIdempotencyStoreOptions): Promise<FileIdempotencyStore> {
  const { path, maxKeys = 10_000, ttlMs = 24 * 60 * 60_000, logger = silentLogger } = options;
  const release = await holdFile(path);
  try {
    const records = await readRecords(path, logger);
    const log = await AppendLog.open(path, () => [...records].map(([key, record]) => lineOf({ key, ...record })));
    const forget = (): void => {
      for (const [key, { at }] of records) {
        if (records.size < maxKeys && Date.now() - at < ttlMs) break;
        records.delete(key);
      }
    };

    return {
      async claim(plain, fingerprint) {
        const key = digest(plain);
        forget();
        const known = records.get(key);
        if (known !== undefined) return known;
        const record = { fingerprint, at: Date.now() };
        records.set(key, record);
        try {
          await log.append(lineOf({ key, ...record }));
        } catch (error) {
          records.delete(key);
          throw error;
        }
        return undefined;
      },
      async complete(plain, result) {
        const key = digest(plain);
        const known = records.get(key);
        if (known === undefined) return;
        await log.append(lineOf({ key, result }));
        records.set(key, { ...known, result });
      },
      async release(plain) {
        const key = digest(plain);
        await log.append(lineOf({ key, released: true }));
        records.delete(key);
      },
      async close() {
        await log.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function readRecords(path: string, logger: Logger): Promise<Map<string, Kept>> {
  const records = new Map<string, Kept>();
  const lines = (await readText(path)).split('\n');
  // What comes after the last line break was not written to its end; nobody was told that it had been.
  lines.pop();
  let broken = 0;
  for (const text of lines) {
    const line = parseLine(text);
    if (line === undefined) broken += 1;
    else apply(line, records);
  }
  if (broken > 0) logger.warn({ path, lines: broken }, 'idempotency_file_damaged');
  return records;
}

async function readText(path: string): Promise<string> {
  // Without it, opening a pipe waits for a writer. Windows has neither.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return '';
  try {
    const stats = await file.stat();
    const { mode, uid } = stats;
    if (!stats.isFile()) throw new ConfigurationError(`${path} is not a regular file`);
    const own = process.getuid?.();
    if (own !== undefined && (uid !== own || (mode & 0o022) !== 0)) {
      throw new ConfigurationError(
        `${path} can be written by others, who could keep posts from being made: chmod 600 it`,
      );
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function apply({ key, fingerprint, at, result, released }: Line, records: Map<string, Kept>): void {
  const known = records.get(key);
  if (released) records.delete(key);
  else if (fingerprint !== undefined && at !== undefined) {
    records.set(key, { fingerprint, at, ...(result === undefined ? {} : { result }) });
  } else if (known !== undefined && result !== undefined) records.set(key, { ...known, result });
}

function lineOf(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

function parseLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    return typeof line?.key === 'string' ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
