import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { silentLogger } from '@slack-mcp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Spool } from '../../src/ingress/spool/spool.ts';

const KEYS = 3;

/** A step of a history of a spool. */
type Step =
  | { readonly do: 'append'; readonly key: number; readonly count: number }
  | { readonly do: 'drain'; readonly count: number }
  | { readonly do: 'close' }
  /** Ends the process with the files of that moment, also between a publish and the removal of its event. */
  | {
      readonly do: 'crash' | 'crash while draining' | 'crash while appending';
      /** How far the step has come, in turns of the event loop. */
      readonly turns: number;
      /** The position and the removal of files are not synced: a crash of the machine can undo them. */
      readonly position: 'kept' | 'lost' | 'torn' | 'old';
      readonly removed: 'gone' | 'back';
    }
  /** What a later crash of the machine can bring back. */
  | { readonly do: 'remember' }
  /** Drains everything, as at the end of an outage, in batches. */
  | { readonly do: 'end of outage'; readonly batch: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('append'), key: fc.nat(KEYS - 1), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('drain'), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constantFrom('close', 'remember') }),
  fc.record({
    do: fc.constantFrom('crash', 'crash while draining', 'crash while appending'),
    turns: fc.nat(12),
    position: fc.constantFrom('kept', 'kept', 'lost', 'torn', 'old'),
    removed: fc.constantFrom('gone', 'back'),
  }),
  fc.record({ do: fc.constant('end of outage'), batch: fc.integer({ min: 1, max: 5 }) }),
) as fc.Arbitrary<Step>;

/** What was acknowledged and what was published, for each key in order. */
class Model {
  readonly appended: string[][] = Array.from({ length: KEYS }, () => []);
  /** Without repetitions. */
  readonly published: string[][] = Array.from({ length: KEYS }, () => []);
  /** Events that were being written during a crash: they may appear or not. */
  readonly unsure = new Set<string>();
  #next = 0;

  id(key: number): string {
    this.#next += 1;
    return `${key}-${this.#next}`;
  }

  publish(id: string): void {
    const list = this.published[Number(id[0])];
    if (!list?.includes(id)) list?.push(id);
  }

  /** Acknowledged events were all published, in the order of their key, and nothing else was. */
  check(): void {
    for (let key = 0; key < KEYS; key += 1) {
      const acknowledged = this.appended[key] ?? [];
      const published = this.published[key] ?? [];
      expect(published.filter((id) => !this.unsure.has(id))).toEqual(acknowledged);
      const numbers = published.map((id) => Number(id.slice(2)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  }
}

test('publishes all acknowledged events, in order, over any outages, restarts and crashes', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      const root = mkdtempSync(join(tmpdir(), 'spool-model-'));
      try {
        await run(root, steps);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }),
    { numRuns: Number(process.env['SPOOL_HISTORIES'] ?? 60) },
  );
});

type Crash = Extract<Step, { readonly turns: number }>;

/** The contents of the files in a folder, without the lock. */
function filesIn(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.lock')) continue;
    try {
      files.set(name, readFileSync(join(folder, name)));
    } catch {
      // It was removed just now.
    }
  }
  return files;
}

async function run(root: string, steps: readonly Step[]): Promise<void> {
  const model = new Model();
  let folder = join(root, '0');
  let crashes = 0;
  const open = (): Promise<Spool> => Spool.open({ folder, maxBytes: 2 ** 20, segmentBytes: 400, logger: silentLogger });
  let spool = await open();

  const append = (key: number): { id: string; done: Promise<void> } => {
    const id = model.id(key);
    return { id, done: spool.append({ key: 'k', payload: '{}', options: { messageId: id }, at: 1 }) };
  };
  const publishHead = async (most: number): Promise<number> => {
    const records = await spool.head(most);
    for (const { options } of records) model.publish(options.messageId ?? 'none');
    return records.length;
  };
  const drain = async (most: number): Promise<void> => spool.drained(await publishHead(most));
  let remembered = new Map<string, Buffer>();
  /** A later process finds the files of this moment, whatever this process still does. */
  const crash = async (now: Crash, rest: Promise<unknown> = Promise.resolve()): Promise<void> => {
    for (let turn = 0; turn < now.turns; turn += 1) await nextTurn();
    crashes += 1;
    const copy = join(root, String(crashes));
    mkdirSync(copy, { mode: 0o700 });
    const files = filesIn(folder);
    if (now.removed === 'back') {
      for (const [name, bytes] of remembered) if (name !== 'position' && !files.has(name)) files.set(name, bytes);
    }
    const position = files.get('position');
    if (now.position === 'lost') files.delete('position');
    if (now.position === 'torn' && position !== undefined) files.set('position', position.subarray(0, 20));
    if (now.position === 'old') files.set('position', remembered.get('position') ?? Buffer.alloc(0));
    for (const [name, bytes] of files) writeFileSync(join(copy, name), bytes);
    await rest;
    await spool.close();
    folder = copy;
    spool = await open();
  };

  for (const now of [...steps, { do: 'end of outage', batch: 3 } as const]) {
    if (now.do === 'append') {
      for (const { id, done } of Array.from({ length: now.count }, () => append(now.key))) {
        await done;
        model.appended[now.key]?.push(id);
      }
    } else if (now.do === 'drain') await drain(now.count);
    else if (now.do === 'end of outage') {
      while (!spool.isEmpty) await drain(now.batch);
      expect(readdirSync(folder).filter((name) => name.endsWith('.spool'))).toEqual([]);
      expect(spool.status).toMatchObject({ records: 0, bytes: 0 });
    } else if (now.do === 'close') {
      await spool.close();
      spool = await open();
    } else if (now.do === 'remember') remembered = filesIn(folder);
    else if (now.do === 'crash') await crash(now);
    else if (now.do === 'crash while draining') {
      const count = await publishHead(3);
      // The copy is made while the position is written or files are removed.
      const drained = spool.drained(count);
      await crash(now, drained);
    } else {
      const { id, done } = append(0);
      model.unsure.add(id);
      await crash(now, done);
    }
  }
  await spool.close();
  model.check();
}
