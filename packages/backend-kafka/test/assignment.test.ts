import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, type Member, type Part } from '../src/assignment.ts';

function parts(count: number, topic = 't'): Part[] {
  return Array.from({ length: count }, (_, index) => ({ topic, name: `${topic}/${index}` }));
}

function member(id: string, about: Partial<Member> = {}): Member {
  return { id, topics: ['t'], owned: [], busy: [], generation: 1, isLeaving: false, ...about };
}

/** Assigns until nothing changes, as members do that give up partitions and join again. */
function settle(members: readonly Member[], all: readonly Part[]): Map<string, string[]> {
  let current = members;
  for (let generation = 2; ; generation += 1) {
    const assigned = assign(current, all);
    const next = current.map((each) => ({ ...each, owned: assigned.get(each.id) ?? [], generation }));
    if (next.every((each, index) => each.owned.length === current[index]?.owned.length && each.owned.length > 0)) {
      return assigned;
    }
    if (generation > 20) return assigned;
    current = next;
  }
}

test('a member that joins gets a partition only after its owner gave it up', () => {
  const all = parts(4);
  const owned = all.map(({ name }) => name);
  const first = assign([member('a', { owned }), member('b')], all);
  expect(first.get('a')).toHaveLength(2);
  expect(first.get('b')).toEqual([]);
  const second = assign([member('a', { owned: first.get('a') ?? [] }), member('b')], all);
  expect(second.get('a')).toEqual(first.get('a'));
  expect(second.get('b')).toHaveLength(2);
});

test('of two members that claim a partition, the one with the later generation keeps it', () => {
  const all = parts(1);
  const members = [member('old', { owned: ['t/0'], generation: 3 }), member('new', { owned: ['t/0'], generation: 4 })];
  expect(assign(members, all).get('new')).toEqual(['t/0']);
  expect(assign(members, all).get('old')).toEqual([]);
});

test('a leaving member keeps what it owns and gets nothing more', () => {
  const members = [member('a', { owned: ['t/0'], isLeaving: true }), member('b')];
  const assigned = assign(members, parts(5));
  expect(assigned.get('a')).toEqual(['t/0']);
  expect(assigned.get('b')).toHaveLength(4);
});

test('a busy partition stays with its owner, and another one moves', () => {
  const all = parts(4);
  const owned = all.map(({ name }) => name);
  const first = assign([member('a', { owned, busy: ['t/3', 't/1'] }), member('b')], all);
  expect(first.get('a')).toEqual(['t/1', 't/3']);
  const last = assign([member('a', { owned, busy: owned }), member('b')], all);
  expect(last.get('a')).toEqual(owned);
});

test('members get only partitions of topics that they read', () => {
  const members = [member('a', { topics: ['t', 'u'] }), member('b', { topics: ['u'] })];
  const assigned = settle(members, [...parts(2, 't'), ...parts(2, 'u')]);
  expect(assigned.get('b')).toEqual(['u/0', 'u/1']);
  expect(assigned.get('a')).toEqual(['t/0', 't/1']);
});

test('every member gets a share of the shared messages, however many partitions contain others', () => {
  const members = Array.from({ length: 10 }, (_, index) => member(`m${index}`, { topics: ['t', 't.workers.again'] }));
  const again = parts(12, 't.workers.again').map((part) => ({ ...part, isAgain: true }));
  for (const count of [1, 5, 9, 10]) {
    const assigned = settle(members.slice(0, count), [...parts(12), ...again]);
    for (const names of assigned.values()) {
      for (const topic of ['t/', 't.workers.again/']) {
        expect(names.filter((name) => name.startsWith(topic)).length).toBeGreaterThanOrEqual(Math.floor(12 / count));
      }
      expect(names.length).toBeLessThanOrEqual(Math.ceil(24 / count) + 1);
    }
  }
});

test('no partition belongs to two members, and in the end each belongs to one', () => {
  const about = fc.record({ claims: fc.array(fc.nat(11)), generation: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(about, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 12 }), (members, count) => {
      const all = parts(count);
      const group = members.map(({ claims, generation }, index) =>
        member(`m${index}`, { owned: claims.map((each) => `t/${each}`), generation }),
      );
      const first = [...assign(group, all).values()].flat();
      expect(new Set(first).size).toBe(first.length);
      const final = settle(group, all);
      expect([...final.values()].flat().sort()).toEqual(all.map(({ name }) => name).sort());
      const sizes = [...final.values()].map((names) => names.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
    }),
  );
});
