import { randomBytes } from 'node:crypto';
import { describeError } from './check.ts';
import { checkHarness } from './check-harness.ts';
import { PropertyContext, type RunSettings } from './context.ts';
import { within } from './eventually.ts';
import { Guard } from './guard.ts';
import type { ConformanceHarness } from './harness.ts';
import { properties } from './properties/index.ts';
import { type Property, runsAlone } from './property.ts';

/**
 * The status of a property. `not-run`: the harness lacks something that the property needs. `not-applicable`: the
 * property does not apply to the backend.
 */
export type PropertyStatus = 'passed' | 'failed' | 'not-run' | 'not-applicable';

/** The result of one property. */
export interface PropertyResult {
  readonly id: string;
  readonly status: PropertyStatus;
  /** The reason why the property failed, was not run or does not apply. */
  readonly reason?: string;
  readonly durationMs: number;
}

/** The results of a run, in the order of the suite. */
export interface ConformanceReport {
  readonly properties: PropertyResult[];
}

/** Options of {@link runConformance}. */
export interface ConformanceOptions {
  /** Ids of the properties to run. Default: all. */
  only?: readonly string[];
  /** Factor for the numbers of messages, consumers and repetitions. Default 1; 0.1 is enough during development. */
  scale?: number;
  /** Maximum time in milliseconds to wait for each expected event. Default 30000. */
  deadlineMs?: number;
  /**
   * Number of properties that run concurrently, except properties that must run alone ({@link runsAlone}). Default 1.
   */
  concurrency?: number;
  onResult?: (result: PropertyResult, property: Property) => void;
}

/**
 * Tests a backend against all properties of the contract.
 *
 * @throws RangeError - `only` contains an unknown id, or the harness has an unknown member, capability, fault or override
 */
export async function runConformance(
  harness: ConformanceHarness,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const { only, scale = 1, deadlineMs = 30_000, concurrency = 1, onResult } = options;
  checkHarness(harness);
  const selected = select(only);
  const results = new Map<string, PropertyResult>();
  using guard = Guard.install();
  const judge = async (property: Property): Promise<void> => {
    const result = await judgeProperty(property, harness, guard, { scale, deadlineMs });
    results.set(property.id, result);
    onResult?.(result, property);
  };
  const shared = selected.filter((property) => !runsAlone(property));
  const work = shared.values();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const property of work) await judge(property);
    }),
  );
  for (const property of selected) if (runsAlone(property)) await judge(property);
  return { properties: selected.map((property) => results.get(property.id) as PropertyResult) };
}

function select(only: readonly string[] | undefined): readonly Property[] {
  if (only === undefined) return properties;
  const unknown = only.filter((id) => !properties.some((property) => property.id === id));
  if (unknown.length > 0)
    throw new RangeError(
      `unknown property ids in the option "only": ${unknown.join(', ')}; the exported list "properties" contains the valid ids`,
    );
  return properties.filter((property) => only.includes(property.id));
}

async function judgeProperty(
  property: Property,
  harness: ConformanceHarness,
  guard: Guard,
  settings: RunSettings,
): Promise<PropertyResult> {
  const { id } = property;
  const excuse = excused(property, harness);
  if (excuse !== undefined) return { id, ...excuse, durationMs: 0 };
  const start = performance.now();
  const durationMs = (): number => Math.round(performance.now() - start);
  const namespace = `conformance-${randomBytes(6).toString('hex')}`;
  const context = new PropertyContext(harness, namespace, settings);
  let failure: string | undefined;
  const unhandled = await guard.watch(async () => {
    try {
      // Each step has its own deadline. This one ends a property that is missing one.
      const deadlineMs = settings.deadlineMs * 20 * Math.max(1, settings.scale);
      await within(property.run(context), { deadlineMs, describe: 'the property to end' });
    } catch (error) {
      failure = describeError(error);
    }
    try {
      await context.dispose();
    } catch (error) {
      failure ??= `afterwards: ${describeError(error)}`;
    }
  });
  const reason = reasonOf(property, { failure, unhandled, deadlineMs: settings.deadlineMs });
  if (reason !== undefined) return { id, status: 'failed', reason, durationMs: durationMs() };
  return { id, status: 'passed', durationMs: durationMs() };
}

/**
 * Explains why a property failed and adds unhandled errors of the run: without them, the report would show an error in
 * a read loop only as a timeout.
 */
function reasonOf(
  { needs }: Property,
  { failure, unhandled, deadlineMs }: { failure: string | undefined; unhandled: string[]; deadlineMs: number },
): string | undefined {
  if (failure === undefined) return unhandled[0];
  const meanwhile = unhandled.length === 0 ? '' : `; meanwhile: ${[...new Set(unhandled)].slice(0, 3).join('; ')}`;
  const isLate = needs?.consumerProcess === true && /\bwaited \d+ ms/.test(failure);
  const lease = isLate
    ? `; a killed consumer keeps its messages until its lease ends: create and envFor must set a lease well below deadlineMs (${deadlineMs} ms)`
    : '';
  return `${failure}${meanwhile}${lease}`;
}

type Excuse = { status: 'not-run' | 'not-applicable'; reason: string };

/** Returns the reason why a property is not tested, or `undefined` if the property is tested. */
function excused({ id, needs }: Property, harness: ConformanceHarness): Excuse | undefined {
  const { capabilities } = harness;
  const declared = harness.notApplicable?.[id];
  if (declared !== undefined) return { status: 'not-applicable', reason: declared };
  if (needs === undefined) return undefined;
  const inProcess = capabilities.scope === 'process';
  if (inProcess && (needs.scope === 'network' || needs.consumerProcess === true || needs.faults !== undefined)) {
    return { status: 'not-applicable', reason: 'there is no broker outside the process' };
  }
  const irrelevant = needs.capabilities?.(capabilities);
  if (irrelevant !== undefined) return { status: 'not-applicable', reason: irrelevant };
  const unreachable =
    capabilities.scope === 'host' && needs.faults?.some((name) => harness.faults?.[name] === undefined);
  if (unreachable || (capabilities.scope === 'host' && needs.scope === 'network')) {
    return { status: 'not-applicable', reason: 'there is no broker behind a connection' };
  }
  const missing = [
    ...(needs.faults ?? []).filter((name) => harness.faults?.[name] === undefined).map((name) => `the fault ${name}`),
    ...(needs.inspect ?? []).filter((name) => harness.inspect?.[name] === undefined).map((name) => `inspect.${name}`),
    ...(needs.overrides ?? [])
      .filter((name) => !harness.overrides?.includes(name))
      .map((name) => `the override ${name}`),
    ...(needs.consumerProcess === true && harness.spawnConsumer === undefined ? ['spawnConsumer'] : []),
    ...(needs.injectRaw === true && harness.injectRaw === undefined ? ['injectRaw'] : []),
  ];
  if (missing.length === 0) return undefined;
  return { status: 'not-run', reason: `the harness lacks ${missing.join(', ')}` };
}
