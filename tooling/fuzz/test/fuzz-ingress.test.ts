import { expect, test } from 'vitest';
import { Chance } from '../src/chance.ts';
import { fuzzIngress } from '../src/index.ts';
import { makeRequest } from '../src/ingress/request.ts';

test('handles a thousand requests without a crash or 5xx, and accepts nothing unsigned', async () => {
  const lines: string[] = [];
  const requests = 1_000;
  const result = await fuzzIngress({ requests, seed: 1, progress: (line) => lines.push(line) });
  expect(lines.filter((line) => line.startsWith('UNEXPECTED'))).toEqual([]);
  expect(result).toMatchObject({ fuzz: 'ingress', seed: 1, requests, unexpected: 0 });
  expect(result.accepted).toBeGreaterThan(requests / 10);
  expect(result.rejected).toBeGreaterThan(requests / 10);
});

test('detects a server that leaks requests', async () => {
  const lines: string[] = [];
  const preload = new URL('support/leak.ts', import.meta.url);
  const { unexpected } = await fuzzIngress({ requests: 1_000, seed: 1, preload, progress: (line) => lines.push(line) });
  // A slow machine also prints how far it is.
  expect(lines.filter((line) => line.startsWith('UNEXPECTED'))).toEqual([
    expect.stringMatching(/^UNEXPECTED the memory in use grew from \d+ to \d+ MiB$/),
  ]);
  expect(unexpected).toBe(1);
});

test('creates the same requests for the same seed', () => {
  const make = (seed: number) =>
    Array.from({ length: 200 }, (_, index) => makeRequest(new Chance(seed, index), 1_700_000_000));
  expect(make(5)).toEqual(make(5));
  expect(make(5)).not.toEqual(make(6));
});
