import { withinTime } from '../command/within-time.ts';
import type { BackendHealth } from '../contract/backend.ts';

/** The health of one component of a server or worker. The field `detail` never contains a secret. */
export type ComponentHealth = Pick<BackendHealth, 'status'> & Partial<BackendHealth>;

/** Checks a component. A check must not change any state. */
export type ComponentCheck = () => ComponentHealth | Promise<ComponentHealth>;

/** The response body of `GET /health`. */
export interface HealthReport {
  /** The worst status of the components. */
  readonly status: BackendHealth['status'];
  readonly components: Readonly<Record<string, ComponentHealth>>;
  /** The time of the report in ISO 8601. */
  readonly timestamp: string;
}

/** Options of {@link createHealthReporter}. */
export interface HealthReporterOptions {
  /** Milliseconds after which a check without an answer counts as down. Default 2000. */
  readonly timeoutMs?: number;
  /**
   * Milliseconds that a report waits for a check whose latest answer is recent. If the check takes longer, the report
   * contains that answer. Default 50.
   */
  readonly patienceMs?: number;
}

/** Milliseconds after which the latest answer of a component is too old for a report. */
const MAX_AGE_MS = 30_000;

/**
 * Creates a function that reports the health of the components. A report waits at most `patienceMs` milliseconds for
 * the checks: if a component does not answer in time, the report contains its latest answer. Without an answer of the
 * last 30 seconds, the report waits until the check ends or counts as down.
 */
export function createHealthReporter(
  components: Readonly<Record<string, ComponentCheck>>,
  { timeoutMs = 2_000, patienceMs = 50 }: HealthReporterOptions = {},
): () => Promise<HealthReport> {
  const probes = Object.entries(components).map(([name, check]) => [name, new Probe(check)] as const);
  return async () => {
    const entries = await Promise.all(
      probes.map(async ([name, probe]) => [name, await probe.read(timeoutMs, patienceMs)] as const),
    );
    const states = entries.map(([, health]) => health.status);
    const status = states.includes('down') ? 'down' : states.includes('degraded') ? 'degraded' : 'up';
    return { status, components: Object.fromEntries(entries), timestamp: new Date().toISOString() };
  };
}

/** Checks one component, and never starts a check while another check is running. */
class Probe {
  readonly #check: ComponentCheck;
  #running: { readonly settled: Promise<void>; readonly since: number } | undefined;
  #latest: { readonly health: ComponentHealth; readonly at: number } | undefined;

  constructor(check: ComponentCheck) {
    this.#check = check;
  }

  async read(timeoutMs: number, patienceMs: number): Promise<ComponentHealth> {
    this.#running ??= { settled: this.#run(), since: performance.now() };
    const { settled, since } = this.#running;
    const left = Math.max(0, timeoutMs - (performance.now() - since));
    const outcome = await withinTime(settled, this.#recent === undefined ? left : Math.min(patienceMs, left));
    const isLate = outcome === 'late' && performance.now() - since >= timeoutMs;
    return (isLate ? undefined : this.#recent) ?? NO_ANSWER;
  }

  /** The latest answer, if it is not too old. */
  get #recent(): ComponentHealth | undefined {
    if (this.#latest === undefined || performance.now() - this.#latest.at > MAX_AGE_MS) return undefined;
    return this.#latest.health;
  }

  async #run(): Promise<void> {
    const health = await Promise.resolve()
      .then(this.#check)
      .catch((): ComponentHealth => ({ status: 'down', detail: { reason: 'the check failed' } }));
    this.#latest = { health, at: performance.now() };
    this.#running = undefined;
  }
}

const NO_ANSWER: ComponentHealth = { status: 'down', detail: { reason: 'no answer in time' } };
