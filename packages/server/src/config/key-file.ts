import { statSync } from 'node:fs';
import type { AuthKey } from '../access/auth-key.ts';
import type { KeySource } from '../access/key-source.ts';

/** Milliseconds between two checks of the key file. */
const INTERVAL_MS = 1_000;

/** Options of `watchKeyFile`. */
export interface KeyFileOptions {
  readonly path: string;
  /** Reads the current keys. If the function throws, the previous keys stay valid. */
  read(): readonly (string | AuthKey)[];
  /** Called with the reason if the keys cannot be read after the file has changed. */
  onProblem(reason: string): void;
  /** Milliseconds between two checks of the key file. Default 1000. */
  readonly intervalMs?: number;
}

/**
 * Provides the keys of a file and reads the file again when it is rewritten, replaced or linked to another file.
 *
 * @throws the error of the first `read`
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

/** Returns a text that changes whenever the file changes; an empty text if the file cannot be accessed. */
function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return '';
  }
}
