import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counts the outcomes of requests from Slack. */
export interface IngressMetrics {
  /** Counts one request. `result` must be one of a fixed set of values. */
  result(result: string): void;
  publish(durationMs: number, outcome: 'confirmed' | 'failed'): void;
}

/** The metrics of one server, in their own registry. */
export interface Metrics {
  readonly registry: Registry;
  readonly ingress: IngressMetrics;
  /** Records one tool call. `tool` must be the name of an existing tool, and `outcome` one of a fixed set of values. */
  toolCall(call: { tool: string; outcome: string; durationMs: number }): void;
  /** Registers a gauge whose value is read at each scrape. */
  gauge(name: string, help: string, read: () => number): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param options - `process` also collects the metrics of the process (memory, CPU, event loop). Default false */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.process) collectDefaultMetrics({ register: registry });

  const results = new Counter({
    name: 'slack_mcp_ingress_requests_total',
    help: 'Requests from Slack by outcome.',
    labelNames: ['result'],
    registers,
  });
  const publishes = new Histogram({
    name: 'slack_mcp_ingress_publish_seconds',
    help: 'Time until the queue backend confirmed or failed.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const toolCalls = new Histogram({
    name: 'slack_mcp_tool_call_seconds',
    help: 'Duration of MCP tool calls.',
    labelNames: ['tool', 'outcome'],
    buckets: SECONDS,
    registers,
  });

  // Cached, to avoid a lookup by label for every call: there are few tools and outcomes.
  const callsBy = new Map<string, Histogram.Internal<'tool' | 'outcome'>>();
  function callsOf(tool: string, outcome: string): Histogram.Internal<'tool' | 'outcome'> {
    const name = `${tool} ${outcome}`;
    const known = callsBy.get(name) ?? toolCalls.labels(tool, outcome);
    callsBy.set(name, known);
    return known;
  }
  const publishBy = { confirmed: publishes.labels('confirmed'), failed: publishes.labels('failed') };

  return {
    registry,
    ingress: {
      result: (result) => results.labels(result).inc(),
      publish: (durationMs, outcome) => publishBy[outcome].observe(durationMs / 1000),
    },
    toolCall: ({ tool, outcome, durationMs }) => callsOf(tool, outcome).observe(durationMs / 1000),
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
  };
}
