import { existsSync, readdirSync } from 'node:fs';
import type { ConformanceHarness } from '@slack-mcp/conformance';

/** The path of a backend's harness. The suite tests every backend that has this file. */
const HARNESS = 'test/conformance-harness.ts';

const VARIANT = /^conformance-harness\.([a-z-]+)\.ts$/;

const ours = new URL('../../../packages/', import.meta.url);

/** Options for loading a harness. */
export interface HarnessOptions {
  /** Version of the broker to start, or its beginning: `4.0`. Default: the version that most tests use. */
  readonly brokerVersion?: string | undefined;
  /**
   * Port of the process that shares brokers, for `leaseBroker`. With it, harnesses whose brokers take long to start
   * share a broker and have no `faults`. Default: each harness starts its own broker.
   */
  readonly brokersPort?: number | undefined;
  /** Maximum size of a payload, for the memory backend. Default: that of the backend. */
  readonly maxPayloadBytes?: number | undefined;
}

/** For harnesses that are built on the memory backend, which run many times. Its own harness has payloads of 16 MiB. */
const SMALL_PAYLOAD_BYTES = 2 * 2 ** 20;

/** A backend that the suite can test. */
export interface HarnessEntry {
  /** `redis` for `packages/backend-redis`. */
  readonly name: string;
  /** Loads the harness, which may start a broker. Rejects if no broker is available. */
  load(options?: HarnessOptions): Promise<ConformanceHarness>;
}

/** The backends in a folder that have a harness, sorted by name, with memory first. Default: `packages/`. */
export function findHarnesses(packages: URL = ours): HarnessEntry[] {
  const names = readdirSync(packages)
    .filter((folder) => folder.startsWith('backend-') && existsSync(new URL(`${folder}/${HARNESS}`, packages)))
    .map((folder) => folder.slice('backend-'.length));
  const ordered = ['memory', ...names.filter((name) => name !== 'memory').sort()];
  return ordered
    .filter((name) => names.includes(name))
    .map((name) => ({ name, load: (options) => load(packages, name, options) }));
}

/**
 * Backends with settings that change their behaviour: `kafka-retry-topic` for the file
 * `conformance-harness.retry-topic.ts`. The suite tests them only when they are named, and the documentation
 * does not contain them.
 */
export function findVariants(packages: URL = ours): HarnessEntry[] {
  return readdirSync(packages)
    .filter((folder) => folder.startsWith('backend-') && existsSync(new URL(`${folder}/test/`, packages)))
    .flatMap((folder) =>
      readdirSync(new URL(`${folder}/test/`, packages)).flatMap((file) => {
        const [, variant] = VARIANT.exec(file) ?? [];
        if (variant === undefined) return [];
        const name = `${folder.slice('backend-'.length)}-${variant}`;
        return [{ name, load: (options?: HarnessOptions) => loadFile(packages, `${folder}/test/${file}`, options) }];
      }),
    );
}

/** The harness of the memory backend, on which other harnesses are built. */
export function loadMemory(): Promise<ConformanceHarness> {
  return load(ours, 'memory', { maxPayloadBytes: SMALL_PAYLOAD_BYTES });
}

function load(packages: URL, name: string, options?: HarnessOptions): Promise<ConformanceHarness> {
  return loadFile(packages, `backend-${name}/${HARNESS}`, options);
}

async function loadFile(packages: URL, file: string, options: HarnessOptions = {}): Promise<ConformanceHarness> {
  const url = new URL(file, packages).href;
  const { createHarness } = (await import(/* @vite-ignore */ url)) as {
    createHarness?(options: HarnessOptions): ConformanceHarness | Promise<ConformanceHarness>;
  };
  if (typeof createHarness !== 'function') throw new TypeError(`${HARNESS} exports no function createHarness`);
  const harness: ConformanceHarness | undefined = await createHarness(options);
  if (typeof harness?.create !== 'function') throw new TypeError('createHarness() returns no harness');
  return harness;
}
