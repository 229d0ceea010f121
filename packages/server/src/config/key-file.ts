import { statSync } from 'node:fs';
import type { AuthKey } from '../access/auth-key.ts';
import type { KeySource } from '../access/key-source.ts';

/** Milliseconds between two checks of the file. */
const INTERVAL_MS = 1_000;

/** Options of `watchKeyFile`. */
export interface KeyFileOptions {
  readonly path: string;
  /** Reads the current keys. If it throws, the previous keys stay valid. */
  read(): readonly (string | AuthKey)[];
  /** Called with the reason if the keys cannot be read, once for each state of the file. */
  onProblem(reason: string): void;
  /** Milliseconds between two checks. Default 1000. */
  readonly intervalMs?: number;
}

/**
 * Provides the keys of a file and reads it again when it is rewritten, replaced or linked to another file.
 *
 * @throws what the first `read` throws
 */
export function watchKeyFile({ path, read, onProblem, intervalMs = INTERVAL_MS }: KeyFileOptions): KeySource {
  let state = stateOf(path);
  let keys = read();

  return {
    current: () => keys,
    watch: (onChange) => {
      const timer = setInterval(() => {
        const now = stateOf(path);
        if (now === state) return;
        state = now;
        try {
          keys = read();
        } catch (error) {
          onProblem((error as Error).message);
          return;
        }
        onChange();
      }, intervalMs).unref();
      return () => clearInterval(timer);
    },
  };
}

/** Identifies the state of the file. All unreadable files have the same state. */
function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return '';
  }
}
