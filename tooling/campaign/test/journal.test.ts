import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal, type JournalEntry, JournalTail } from '../src/journal.ts';

describe('a journal', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    path = join(folder, 'one.journal');
    writeFileSync(path, '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function read(tail: JournalTail): JournalEntry[] {
    const entries: JournalEntry[] = [];
    tail.read((entry) => entries.push(entry));
    return entries;
  }

  test('is read while it grows, with each entry once', () => {
    const journal = new Journal(path);
    const tail = new JournalTail(path);
    expect(read(tail)).toEqual([]);
    journal.write('attempted', 7);
    journal.write('rejected', 7, 'ERR_QUEUE_TIMEOUT');
    expect(read(tail).map(({ kind, event }) => [kind, event])).toEqual([
      ['attempted', 7],
      ['rejected', 7],
    ]);
    expect(read(tail)).toEqual([]);
    journal.write('confirmed', 7);
    expect(read(tail)).toMatchObject([{ kind: 'confirmed', event: 7 }]);
  });

  test('ignores an incomplete line', () => {
    const tail = new JournalTail(path);
    appendFileSync(path, 'handled 12 1700000000000 0\nhandled 1');
    expect(read(tail)).toEqual([{ kind: 'handled', event: 12, at: 1_700_000_000_000 }]);
    appendFileSync(path, '3 1700000000001 0\n');
    expect(read(tail)).toEqual([{ kind: 'handled', event: 13, at: 1_700_000_000_001 }]);
  });

  test('is read completely at any length', () => {
    const journal = new Journal(path);
    for (let event = 0; event < 10_000; event += 1) journal.write('handled', event, 'n'.repeat(event % 50));
    expect(read(new JournalTail(path)).map(({ event }) => event)).toEqual([...Array(10_000).keys()]);
  });

  test('keeps entries that were written before a SIGKILL', async () => {
    const module = JSON.stringify(new URL('../src/journal.ts', import.meta.url).href);
    const code = `import(${module}).then(({ Journal }) => {
      const journal = new Journal(process.argv[1]);
      for (let event = 0; event < 500; event += 1) journal.write('handled', event);
      process.kill(process.pid, 'SIGKILL');
    })`;
    const child = spawn(process.execPath, ['-e', code, path], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(read(new JournalTail(path)).map(({ event }) => event)).toEqual([...Array(500).keys()]);
  });
});
