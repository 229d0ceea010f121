import { createRandom, pick, type Random, shuffle } from './random.ts';

/** The kinds of faults. Every campaign that is long enough has all of them. */
export const faultKinds = [
  'broker-kill',
  'broker-restart',
  'connections-closed',
  'network-blackhole',
  'network-delay',
  'network-drop-replies',
  'network-reset',
  'network-stall-replies',
  'network-stall-requests',
  'worker-kill',
  'member-join',
  'member-leave',
  'publisher-kill',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Whether a fault delays bytes until after bytes that were sent later. */
export function isStall(kind: FaultKind): boolean {
  return kind.startsWith('network-stall');
}

/** One fault of a schedule. */
export interface ScheduledFault {
  readonly kind: FaultKind;
  /** Number of confirmed events at which it occurs, but not before the previous fault has ended. */
  readonly after: number;
  /** Its duration in milliseconds. 0 if it is instantaneous. */
  readonly durationMs: number;
  /** The number of the affected worker or publisher, or of the member that joins. */
  readonly target?: number;
  /** The group that a member joins. */
  readonly group?: number;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly events: number;
  /** Worker `i` is a member of group `i` modulo `groups`. */
  readonly workers: number;
  readonly groups: number;
  readonly publishers: number;
  /** Default: one per 3,000 events, at least one of each kind, at most 40. */
  readonly faults?: number;
}

const EVENTS_PER_FAULT = 3_000;
const MOST_FAULTS = 40;

/** Shortest and longest duration of a fault in milliseconds. Other kinds are instantaneous. */
const durations: Partial<Record<FaultKind, readonly [number, number]>> = {
  'broker-kill': [200, 1_500],
  'broker-restart': [200, 1_000],
  'network-blackhole': [300, 4_000],
  'network-delay': [500, 2_000],
  'network-drop-replies': [300, 1_500],
  // Longer than a client waits for an answer, so that late bytes arrive after bytes that were sent later.
  'network-stall-replies': [12_000, 15_000],
  'network-stall-requests': [12_000, 15_000],
};

/** The faults of a campaign. Depends only on the options, not on time. */
export function createSchedule(options: ScheduleOptions): ScheduledFault[] {
  const { seed, events, workers, groups, publishers } = options;
  const usual = Math.min(MOST_FAULTS, Math.max(faultKinds.length, Math.round(events / EVENTS_PER_FAULT)));
  const { faults = usual } = options;
  const random = createRandom(seed, events, workers, groups, publishers);
  const members = Array.from({ length: workers }, (_, worker) => ({ worker, group: worker % groups }));
  let joined = workers;
  return deal(random, faults).map((dealt, index) => {
    const after = Math.floor(((index + random()) / faults) * events);
    const [from, to] = durations[dealt] ?? [0, 0];
    const durationMs = Math.round(from + random() * (to - from));
    const leavers = members.filter(({ group }) => members.filter((other) => other.group === group).length > 1);
    // A group must keep a member, so another one joins first.
    const kind = dealt === 'member-leave' && leavers.length === 0 ? 'member-join' : dealt;
    switch (kind) {
      case 'member-join': {
        const member = { worker: joined, group: Math.floor(random() * groups) };
        joined += 1;
        members.push(member);
        return { kind, after, durationMs, target: member.worker, group: member.group };
      }
      case 'member-leave': {
        const leaver = pick(random, leavers);
        members.splice(members.indexOf(leaver), 1);
        return { kind, after, durationMs, target: leaver.worker };
      }
      case 'worker-kill':
        return { kind, after, durationMs, target: pick(random, members).worker };
      case 'publisher-kill':
        return { kind, after, durationMs, target: Math.floor(random() * publishers) };
      default:
        return { kind, after, durationMs };
    }
  });
}

/** Every kind once per round, in a different order each time. */
function deal(random: Random, faults: number): FaultKind[] {
  const rounds = Math.ceil(faults / faultKinds.length);
  return Array.from({ length: rounds }, () => shuffle(random, faultKinds))
    .flat()
    .slice(0, faults);
}
