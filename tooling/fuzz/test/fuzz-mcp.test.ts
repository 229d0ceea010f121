import { expect, test } from 'vitest';
import { Chance } from '../src/chance.ts';
import { fuzzMcp } from '../src/index.ts';
import { makeMcpRequest } from '../src/mcp/request.ts';

test('handles a thousand requests without a crash or 5xx, admits no stranger, and writes nothing for readers', async () => {
  const lines: string[] = [];
  const requests = 1_000;
  const result = await fuzzMcp({ requests, seed: 1, progress: (line) => lines.push(line) });
  expect(lines.filter((line) => line.startsWith('UNEXPECTED'))).toEqual([]);
  expect(result).toMatchObject({ fuzz: 'mcp', seed: 1, requests, unexpected: 0 });
  expect(result.accepted).toBeGreaterThan(requests / 20);
  expect(result.rejected).toBeGreaterThan(requests / 10);
});

test('detects a server that leaks requests', async () => {
  const lines: string[] = [];
  const preload = new URL('support/leak.ts', import.meta.url);
  const { unexpected } = await fuzzMcp({ requests: 1_000, seed: 1, preload, progress: (line) => lines.push(line) });
  expect(lines.join('\n')).toMatch(/UNEXPECTED the memory in use grew from \d+ to \d+ MiB/);
  expect(unexpected).toBeGreaterThan(0);
});

test('creates the same requests for the same seed', () => {
  const none = { reader: [], writer: [], slack: [] };
  const make = (seed: number) =>
    Array.from({ length: 200 }, (_, index) => makeMcpRequest(new Chance(seed, index), none)).map(
      ({ method, path, sender, body }) => [method, path, sender, body.toString()],
    );
  expect(make(5)).toEqual(make(5));
  expect(make(5)).not.toEqual(make(6));
});
