import type { Metrics } from '../../metrics/create-metrics.ts';
import type { MetricKey } from '../../metrics/metric-definitions.ts';
import type { OpsContext } from '../ops-context.ts';

/** Calls with the same name and outcome since the process started. */
export interface CallCounts {
  /** The name of a tool or of a Slack method. */
  readonly name: string;
  /** `ok`, or the reason why the call failed. */
  readonly outcome: string;
  readonly calls: number;
  /** Mean duration in milliseconds. */
  readonly meanMs: number;
}

/** The answer of `GET /ops/state`. */
export interface StateAnswer {
  readonly process: 'server' | 'worker';
  /** Number of MCP sessions. Absent if the process serves no sessions. */
  readonly sessions?: number;
  /** Calls of tools. */
  readonly tools: readonly CallCounts[];
  /** Calls to the Web API of Slack, including waits and retries. */
  readonly slackCalls: readonly CallCounts[];
  /** Answers of Slack with status 429, by method. */
  readonly rateLimited: readonly { readonly method: string; readonly count: number }[];
  /** The families of Slack methods whose calls are refused now, because Slack failed repeatedly. */
  readonly openCircuits: readonly string[];
}

/** Reads the tool calls, Slack calls, limits, circuits and sessions of this process from its metrics. */
export async function readState({ process, metrics }: OpsContext): Promise<StateAnswer> {
  const read = async (key: MetricKey): ReturnType<Metrics['read']> => (await metrics?.read(key)) ?? [];
  const [sessions, tools, slackCalls, limited, circuits] = await Promise.all(
    (['sessions', 'toolCalls', 'slackCalls', 'slackRateLimited', 'slackCircuitOpen'] as const).map(read),
  );
  const open = sessions?.[0]?.value;
  return {
    process,
    ...(open !== undefined && { sessions: open }),
    tools: callsOf(tools ?? [], 'tool'),
    slackCalls: callsOf(slackCalls ?? [], 'method'),
    rateLimited: (limited ?? []).map(({ labels, value }) => ({ method: labels['method'] ?? '', count: value })),
    openCircuits: (circuits ?? []).filter(({ value }) => value > 0).map(({ labels }) => labels['family'] ?? ''),
  };
}

type Values = Awaited<ReturnType<Metrics['read']>>;

function callsOf(values: Values, label: 'tool' | 'method'): CallCounts[] {
  const sums = values.filter(({ part }) => part === 'sum');
  return values.flatMap(({ labels, value: calls, part }) => {
    if (part !== 'count' || calls === 0) return [];
    const { [label]: name = '', outcome = '' } = labels;
    const sum = sums.find((one) => one.labels[label] === name && one.labels['outcome'] === outcome)?.value ?? 0;
    return [{ name, outcome, calls, meanMs: Math.round((sum / calls) * 1_000) }];
  });
}
