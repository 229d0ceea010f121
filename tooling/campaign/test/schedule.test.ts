import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSchedule, faultKinds, type ScheduleOptions } from '../src/schedule.ts';

const usual: ScheduleOptions = { seed: 1, events: 100_000, workers: 4, groups: 2, publishers: 2 };

const anyOptions = fc
  .record({
    seed: fc.nat(),
    events: fc.integer({ min: 1, max: 200_000 }),
    workers: fc.integer({ min: 1, max: 12 }),
    groups: fc.integer({ min: 1, max: 4 }),
    publishers: fc.integer({ min: 1, max: 4 }),
  })
  .map((options) => ({ ...options, workers: Math.max(options.workers, options.groups) }));

describe('the schedule', () => {
  test('is the same for the same seed', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        expect(createSchedule(options)).toEqual(createSchedule(options));
      }),
    );
  });

  test('does not change for a given seed', () => {
    expect(createSchedule({ ...usual, events: 3_000 }).slice(0, 4)).toMatchInlineSnapshot(`
      [
        {
          "after": 4,
          "durationMs": 13069,
          "kind": "network-stall-replies",
        },
        {
          "after": 308,
          "durationMs": 13235,
          "kind": "network-stall-requests",
        },
        {
          "after": 475,
          "durationMs": 0,
          "group": 0,
          "kind": "member-join",
          "target": 4,
        },
        {
          "after": 784,
          "durationMs": 3513,
          "kind": "network-blackhole",
        },
      ]
    `);
  });

  test('differs for different seeds', () => {
    const schedules = Array.from({ length: 50 }, (_, seed) => JSON.stringify(createSchedule({ ...usual, seed })));
    expect(new Set(schedules).size).toBe(50);
  });

  test('contains every kind of fault, spread over the events', () => {
    const schedule = createSchedule(usual);
    expect(schedule).toHaveLength(33);
    for (const kind of faultKinds) expect(schedule.some((fault) => fault.kind === kind)).toBe(true);
    for (const [index, { after }] of schedule.entries()) {
      expect(after).toBeGreaterThanOrEqual(Math.floor((index / 33) * 100_000));
      expect(after).toBeLessThan(Math.ceil(((index + 1) / 33) * 100_000));
    }
    expect(new Set(createSchedule({ ...usual, events: 3_000 }).map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(
      10,
    );
    expect(createSchedule({ ...usual, events: 1_000_000 })).toHaveLength(40);
  });

  test('affects only present members, and leaves no group without a member', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const { workers, groups, publishers } = options;
        const members = new Map(Array.from({ length: workers }, (_, worker) => [worker, worker % groups]));
        for (const { kind, target = -1, group = -1 } of createSchedule({ ...options, faults: 44 })) {
          if (kind === 'member-join') {
            expect(members.has(target)).toBe(false);
            members.set(target, group);
          } else if (kind === 'member-leave' || kind === 'worker-kill') {
            expect(members.has(target)).toBe(true);
            if (kind === 'member-leave') members.delete(target);
          } else if (kind === 'publisher-kill') {
            expect(target).toBeLessThan(publishers);
          }
          expect(new Set(members.values()).size).toBe(groups);
        }
      }),
    );
  });
});
