import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ConformanceReport, PropertyStatus } from '@slack-mcp/conformance';
import type { BackendCapabilities } from '@slack-mcp/core';

/** One property of one backend, as stored in files. */
export interface StoredProperty {
  readonly id: string;
  readonly status: PropertyStatus;
  readonly reason?: string;
}

/** The results of one backend. */
export interface StoredResult {
  readonly capabilities: BackendCapabilities;
  readonly properties: readonly StoredProperty[];
}

const folder = new URL('../results/', import.meta.url);

/** Removes the parts of a report that differ between runs. */
export function toStored(report: ConformanceReport): StoredProperty[] {
  return report.properties.map(({ id, status, reason }) => ({
    id,
    status,
    ...(reason === undefined ? {} : { reason }),
  }));
}

/** The stored results from which the documentation is generated, by backend, with memory first. */
export function readResults(): Map<string, StoredResult> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
  const ordered = names.sort((a, b) => Number(b === 'memory') - Number(a === 'memory') || a.localeCompare(b));
  return new Map(ordered.map((name) => [name, JSON.parse(readFileSync(file(name), 'utf8')) as StoredResult]));
}

/** Stores the results of a backend for the documentation. */
export function writeResult(name: string, result: StoredResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file(name), `${JSON.stringify(result, undefined, 2)}\n`);
}

function file(name: string): URL {
  return new URL(`${name}.json`, folder);
}
