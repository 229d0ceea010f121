import { createHash } from 'node:crypto';
import { ConfigurationError, type IdempotencyStore, type JsonObject, type Logger, silentLogger } from '@slack-mcp/core';
import { holdFile } from '../../hold-file.ts';
import { FileDistrustError, openOwnFile } from '../../own-file.ts';
import { AppendLog } from './append-log.ts';
import { type KeyLimits, type KeyRecord, KeyRecords } from './key-records.ts';

/** Options of `openFileIdempotencyStore`. */
export interface FileIdempotencyStoreOptions extends KeyLimits {
  /**
   * Path of the file, which is created if it does not exist. Only the owner can read the file, and only one process at
   * a time can use it.
   */
  path: string;
  logger?: Logger;
}

/** An `IdempotencyStore` that stores its keys in a file. */
export interface FileIdempotencyStore extends IdempotencyStore {
  /** Releases the file. */
  close(): Promise<void>;
}

/** A line of the file. Keys and callers are stored as digests, because they may contain private data. */
interface Line {
  readonly key: string;
  /** The fingerprint of the content that the key was claimed for; absent on later lines for the same key. */
  readonly fingerprint?: string;
  /** The time of the claim, in milliseconds since the epoch. */
  readonly at?: number;
  readonly caller?: string | undefined;
  readonly result?: JsonObject;
  readonly released?: true;
}

/**
 * Opens a store that survives restarts. Every line is on disk before the promise of the call resolves, so a claim is
 * never lost in a crash after its work has started. Lines that a crash left incomplete are skipped.
 *
 * @throws ConfigurationError - another process uses the file, or other users can write to it
 * @throws the error of the operating system - the file cannot be read or written
 */
export async function openFileIdempotencyStore(options: FileIdempotencyStoreOptions): Promise<FileIdempotencyStore> {
  const { path, logger = silentLogger } = options;
  const release = await holdFile(path);
  try {
    const records = new KeyRecords(options, () => Date.now());
    await readRecords(path, records, logger);
    const log = await AppendLog.open(path, () =>
      [...records.entries()].map(([key, record]) => lineOf({ key, ...record })),
    );

    return {
      async claim(plain, fingerprint, caller) {
        const key = digest(plain);
        const known = records.get(key);
        if (known !== undefined) return known;
        const record = records.claim(key, fingerprint, caller === undefined ? undefined : digest(caller));
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

async function readRecords(path: string, records: KeyRecords, logger: Logger): Promise<void> {
  const lines = (await readText(path)).split('\n');
  // Text after the last line break is an incomplete write, whose promise never resolved.
  lines.pop();
  let broken = 0;
  for (const text of lines) {
    const line = parseLine(text);
    if (line === undefined) broken += 1;
    else apply(line, records);
  }
  if (broken > 0) logger.warn({ path, lines: broken }, 'idempotency_file_damaged');
}

async function readText(path: string): Promise<string> {
  const file = await openOwnFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    // Other users who can write this file could suppress posts.
    throw error instanceof FileDistrustError ? new ConfigurationError(error.message) : error;
  });
  if (file === undefined) return '';
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function apply({ key, fingerprint, at, caller, result, released }: Line, records: KeyRecords): void {
  const known = records.get(key);
  if (released) records.delete(key);
  else if (fingerprint !== undefined && at !== undefined) {
    const record: KeyRecord = { fingerprint, at, ...(caller === undefined ? {} : { caller }) };
    records.set(key, result === undefined ? record : { ...record, result });
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
