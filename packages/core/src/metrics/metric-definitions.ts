/** The name, help text and labels of a metric. */
export interface MetricDefinition<L extends string = string> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The name in the text format of Prometheus. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
  /** The upper bounds of the buckets of a histogram, in seconds. */
  readonly buckets?: readonly number[];
}

/** The labels of each counter. */
export interface CounterLabels {
  httpRequests: 'method' | 'route' | 'status';
  ingressRequests: 'result';
  ingressDeliveries: 'outcome';
  toolAnswerTokens: 'tool';
  slackRateLimited: 'method';
  consumerDuplicates: 'group';
}

/** The labels of each gauge. */
export interface GaugeLabels {
  ingressInFlight: never;
  ingressInFlightBytes: never;
  socketModeConnected: never;
  socketModeConnections: never;
  socketModeFailures: never;
  spoolEvents: never;
  spoolBytes: never;
  spoolMaxBytes: never;
  spoolSegments: never;
  spoolOldestAge: never;
  spoolBlocked: never;
  spoolRefused: never;
  spoolFailing: never;
  sessions: never;
  slackCircuitOpen: 'family';
  queueUp: 'backend';
  queueLag: 'key' | 'group';
  queueOldestAge: 'key' | 'group';
  queueDeadLetters: 'key' | 'group';
  workerRunning: never;
  workerWaiting: never;
}

/** The labels of each histogram. */
export interface HistogramLabels {
  ingressAcknowledge: never;
  ingressPublish: 'backend' | 'outcome';
  toolCalls: 'tool' | 'outcome';
  slackCalls: 'method' | 'outcome';
  consumerHandle: 'group' | 'outcome';
  consumerWait: 'group';
}

/** The labels of each metric. */
export interface LabelsByMetric extends CounterLabels, GaugeLabels, HistogramLabels {}

/** The keys of {@link METRICS}. */
export type MetricKey = keyof LabelsByMetric;

/** The labels of a metric with their values. */
export type MetricLabels<K extends MetricKey> = Readonly<Record<LabelsByMetric[K], string>>;

/** Buckets for durations. Slack waits 3 seconds for an answer, and the server waits 2 or 2.5 seconds for the queue. */
const SECONDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 3, 5, 10];

/** Buckets for times that include a wait in the queue or in a handler. */
const LONG_SECONDS: readonly number[] = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/**
 * Every metric of servers and workers, apart from the metrics of the process (`process_…`, `nodejs_…`). Defines the
 * names of all metrics.
 */
export const METRICS: { readonly [K in MetricKey]: MetricDefinition<LabelsByMetric[K]> } = {
  httpRequests: {
    type: 'counter',
    name: 'slack_mcp_http_requests_total',
    labels: ['method', 'route', 'status'],
    help: 'HTTP requests by method, route and status. Requests without a route have the route "none".',
  },
  ingressRequests: {
    type: 'counter',
    name: 'slack_mcp_ingress_requests_total',
    labels: ['result'],
    help: 'Requests from Slack by outcome.',
  },
  ingressDeliveries: {
    type: 'counter',
    name: 'slack_mcp_ingress_deliveries_total',
    labels: ['outcome'],
    help: 'Signed deliveries from Slack that were accepted or failed. Slack disables the event subscriptions of an app that accepts less than 5 % of its deliveries within an hour.',
  },
  ingressAcknowledge: {
    type: 'histogram',
    name: 'slack_mcp_ingress_acknowledge_seconds',
    labels: [],
    buckets: SECONDS,
    help: 'Time from a complete request from Slack to its answer. Slack waits 3 seconds.',
  },
  ingressPublish: {
    type: 'histogram',
    name: 'slack_mcp_ingress_publish_seconds',
    labels: ['backend', 'outcome'],
    buckets: SECONDS,
    help: 'Time until the queue backend confirmed an event or failed to store it.',
  },
  ingressInFlight: {
    type: 'gauge',
    name: 'slack_mcp_ingress_in_flight',
    labels: [],
    help: 'Requests from Slack in flight.',
  },
  ingressInFlightBytes: {
    type: 'gauge',
    name: 'slack_mcp_ingress_in_flight_bytes',
    labels: [],
    help: 'Bytes of the bodies of requests in flight.',
  },
  socketModeConnected: {
    type: 'gauge',
    name: 'slack_mcp_socket_mode_connected',
    labels: [],
    help: 'Whether the Socket Mode connection to Slack is open.',
  },
  socketModeConnections: {
    type: 'gauge',
    name: 'slack_mcp_socket_mode_connections',
    labels: [],
    help: 'Socket Mode connections that Slack has confirmed with hello since the start.',
  },
  socketModeFailures: {
    type: 'gauge',
    name: 'slack_mcp_socket_mode_failures',
    labels: [],
    help: 'Consecutive attempts to connect that failed, or whose connection ended too soon.',
  },
  spoolEvents: {
    type: 'gauge',
    name: 'slack_mcp_spool_events',
    labels: [],
    help: 'Events that wait in the spool.',
  },
  spoolBytes: {
    type: 'gauge',
    name: 'slack_mcp_spool_bytes',
    labels: [],
    help: 'Bytes of the spool in use.',
  },
  spoolMaxBytes: {
    type: 'gauge',
    name: 'slack_mcp_spool_max_bytes',
    labels: [],
    help: 'Maximum number of bytes of the spool. Beyond it, the server refuses events.',
  },
  spoolSegments: {
    type: 'gauge',
    name: 'slack_mcp_spool_segments',
    labels: [],
    help: 'Files of the spool.',
  },
  spoolOldestAge: {
    type: 'gauge',
    name: 'slack_mcp_spool_oldest_age_seconds',
    labels: [],
    help: 'Age of the oldest event in the spool. 0 if the spool is empty.',
  },
  spoolBlocked: {
    type: 'gauge',
    name: 'slack_mcp_spool_blocked_events',
    labels: [],
    help: 'Events in the spool that cannot be published because of an error that waiting cannot fix, and the later events of their ordering keys.',
  },
  spoolRefused: {
    type: 'gauge',
    name: 'slack_mcp_spool_refused_events',
    labels: [],
    help: 'Events that the queue refused and that were set aside in the folder of the spool.',
  },
  spoolFailing: {
    type: 'gauge',
    name: 'slack_mcp_spool_failing',
    labels: [],
    help: 'Whether a write to the spool failed within the last minute.',
  },
  toolCalls: {
    type: 'histogram',
    name: 'slack_mcp_tool_call_seconds',
    labels: ['tool', 'outcome'],
    buckets: SECONDS,
    help: 'Duration of MCP tool calls.',
  },
  toolAnswerTokens: {
    type: 'counter',
    name: 'slack_mcp_tool_answer_tokens_total',
    labels: ['tool'],
    help: 'Estimated model tokens of the answers of tools. The estimate is too high rather than too low.',
  },
  sessions: { type: 'gauge', name: 'slack_mcp_sessions', labels: [], help: 'MCP sessions.' },
  slackCalls: {
    type: 'histogram',
    name: 'slack_mcp_slack_call_seconds',
    labels: ['method', 'outcome'],
    buckets: SECONDS,
    help: 'Duration of calls to the Web API, including waits and retries.',
  },
  slackRateLimited: {
    type: 'counter',
    name: 'slack_mcp_slack_rate_limited_total',
    labels: ['method'],
    help: 'Answers of the Web API with status 429, including those of calls that succeeded later.',
  },
  slackCircuitOpen: {
    type: 'gauge',
    name: 'slack_mcp_slack_circuit_open',
    labels: ['family'],
    help: 'Open circuit breakers, which refuse the calls of a family of methods.',
  },
  queueUp: {
    type: 'gauge',
    name: 'slack_mcp_queue_up',
    labels: ['backend'],
    help: 'Whether the queue backend reaches its broker.',
  },
  queueLag: {
    type: 'gauge',
    name: 'slack_mcp_queue_lag',
    labels: ['key', 'group'],
    help: 'Messages that the group has not settled.',
  },
  queueOldestAge: {
    type: 'gauge',
    name: 'slack_mcp_queue_oldest_age_seconds',
    labels: ['key', 'group'],
    help: 'Age of the oldest message that the group has not settled. 0 if there is no such message.',
  },
  queueDeadLetters: {
    type: 'gauge',
    name: 'slack_mcp_queue_dead_letters',
    labels: ['key', 'group'],
    help: 'Dead letters of the group.',
  },
  consumerHandle: {
    type: 'histogram',
    name: 'slack_mcp_consumer_handle_seconds',
    labels: ['group', 'outcome'],
    buckets: LONG_SECONDS,
    help: 'Time in handlers by outcome: ack, retry, dead_letter or hand_back.',
  },
  consumerWait: {
    type: 'histogram',
    name: 'slack_mcp_consumer_wait_seconds',
    labels: ['group'],
    buckets: LONG_SECONDS,
    help: 'Time from the publish of a message to the start of its first delivery.',
  },
  consumerDuplicates: {
    type: 'counter',
    name: 'slack_mcp_consumer_duplicates_total',
    labels: ['group'],
    help: 'Messages that the middleware deduplicate skipped.',
  },
  workerRunning: {
    type: 'gauge',
    name: 'slack_mcp_worker_running',
    labels: [],
    help: 'Messages that the handlers of the worker are processing.',
  },
  workerWaiting: {
    type: 'gauge',
    name: 'slack_mcp_worker_waiting',
    labels: [],
    help: 'Messages that the worker has received but not yet started to process.',
  },
};
