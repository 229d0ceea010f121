import { existsSync, readdirSync } from 'node:fs';
import type { ConformanceHarness } from '@slack-mcp/core/conformance';

/** Where a backend keeps its harness: by this file it joins the suite. */
const HARNESS = 'test/conformance-harness.ts';

const packages = new URL('../../', import.meta.url);

/** A backend that can be judged. */
export interface HarnessEntry {
  /** `redis` for `packages/backend-redis`. */
  readonly name: string;
  /** May start a broker; rejects when none can be had. */
  load(): Promise<ConformanceHarness>;
}

/** The backends of this repository that have a harness, by name; memory first. */
export function findHarnesses(): HarnessEntry[] {
  const names = readdirSync(packages)
    .filter((folder) => folder.startsWith('backend-') && existsSync(new URL(`${folder}/${HARNESS}`, packages)))
    .map((folder) => folder.slice('backend-'.length));
  const ordered = ['memory', ...names.filter((name) => name !== 'memory').sort()];
  return ordered.filter((name) => names.includes(name)).map((name) => ({ name, load: () => load(name) }));
}

/** The harness of the memory backend, over which others are built. */
export function loadMemory(): Promise<ConformanceHarness> {
  return load('memory');
}

async function load(name: string): Promise<ConformanceHarness> {
  const url = new URL(`backend-${name}/${HARNESS}`, packages).href;
  const module = (await import(/* @vite-ignore */ url)) as {
    createHarness(): ConformanceHarness | Promise<ConformanceHarness>;
  };
  return module.createHarness();
}
