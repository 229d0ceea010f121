import { type BackendCapabilities, nearestName } from '@slack-mcp/core';
import type { ConformanceFaults, ConformanceHarness, ConformanceInspect, FaultProxy, OverrideName } from './harness.ts';
import { properties } from './properties/index.ts';

const OVERRIDES = Object.keys({
  groups: true,
  keys: true,
  maxBacklog: true,
  maxLength: true,
  leaseMs: true,
  maxDeliveries: true,
  timeoutMs: true,
  credentials: true,
} satisfies Record<OverrideName, true>);

const CAPABILITIES = Object.keys({
  scope: true,
  persistent: true,
  ordering: true,
  idempotentPublish: true,
  retainsWithoutGroup: true,
  startTime: true,
  patterns: true,
  retryCount: true,
  settlement: true,
  maxPayloadBytes: true,
} satisfies Record<keyof BackendCapabilities, true>);

const FAULTS = Object.keys({
  restartBroker: true,
  killBroker: true,
  closeConnections: true,
  wipe: true,
  writes: true,
  stallKey: true,
  proxy: true,
} satisfies Record<keyof ConformanceFaults, true>);

const PROXY = Object.keys({
  cut: true,
  blackhole: true,
  dropReplies: true,
  stall: true,
  heal: true,
} satisfies Record<keyof FaultProxy, true>);

const INSPECT = Object.keys({
  pending: true,
  depth: true,
  objects: true,
  stored: true,
  connections: true,
} satisfies Record<keyof ConformanceInspect, true>);

const MEMBERS = Object.keys({
  name: true,
  Backend: true,
  capabilities: true,
  create: true,
  envFor: true,
  destroy: true,
  overrides: true,
  maxUnconfirmed: true,
  invalidEnv: true,
  maxMembers: true,
  faults: true,
  inspect: true,
  spawnConsumer: true,
  injectRaw: true,
  dispose: true,
  notApplicable: true,
} satisfies Record<keyof ConformanceHarness, true>);

/**
 * Rejects a harness with unknown names, because a misspelled name would silently skip properties.
 *
 * @throws RangeError - the harness contains a name that the suite does not know
 */
export function checkHarness(harness: ConformanceHarness): void {
  const { notApplicable = {}, overrides = [], capabilities, faults = {}, inspect = {} } = harness;
  const problems = [
    ...unknown('a member of the harness', Object.keys(harness), MEMBERS),
    ...unknown(
      'the id of a property (in notApplicable)',
      Object.keys(notApplicable),
      properties.map(({ id }) => id),
    ),
    ...unknown('an override', overrides, OVERRIDES),
    ...unknown('a capability', Object.keys(capabilities), CAPABILITIES),
    ...unknown('a fault', Object.keys(faults), FAULTS),
    ...unknown('a fault of the proxy', Object.keys(faults.proxy ?? {}), PROXY),
    ...unknown('a member of inspect', Object.keys(inspect), INSPECT),
  ];
  if (problems.length > 0) throw new RangeError(`the harness of ${harness.name} is not valid: ${problems.join('; ')}`);
}

function unknown(what: string, given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearestName(name, known);
      return `${JSON.stringify(name)} is not ${what}${near === undefined ? '' : `, did you mean ${near}?`}`;
    });
}
