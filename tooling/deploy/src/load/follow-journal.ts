import { closeSync, openSync, readSync } from 'node:fs';

/** Returns a function that passes on the numbers which were appended to a file since its last call. */
export function followJournal(file: string, take: (event: number) => void): { read(): void; close(): void } {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(1 << 16);
  let position = 0;
  return {
    read() {
      for (;;) {
        const length = readSync(handle, chunk, 0, chunk.length, position);
        const end = chunk.subarray(0, length).lastIndexOf(0x0a) + 1;
        if (end === 0) return;
        position += end;
        for (const line of chunk.toString('latin1', 0, end - 1).split('\n')) take(Number(line));
      }
    },
    close: () => closeSync(handle),
  };
}
