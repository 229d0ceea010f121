import {
  type CounterLabels,
  type GaugeLabels,
  type HistogramLabels,
  METRICS,
  type MetricDefinition,
  type MetricKey,
  type MetricLabels,
} from './metric-definitions.ts';

type Labels = Readonly<Record<string, string>>;

/** The parts of the package `prom-client` that {@link createMetrics} uses. */
export interface PromClient {
  // Methods, because their parameters are compared in both directions.
  readonly Registry: { new (): PromRegistry };
  readonly Counter: { new (configuration: never): { labels(labels: never): { inc(by?: number): void } } };
  readonly Histogram: { new (configuration: never): { labels(labels: never): { observe(value: number): void } } };
  readonly Gauge: { new (configuration: never): unknown };
  collectDefaultMetrics(options: never): void;
}

interface PromRegistry {
  readonly contentType: string;
  metrics(): Promise<string>;
  getSingleMetric(name: string): PromValues | undefined;
}

interface PromValues {
  get(): Promise<{
    readonly values: readonly { readonly labels: object; readonly value: number; metricName?: string }[];
  }>;
}

interface PromGauge {
  reset(): void;
  set(labels: Labels, value: number): void;
}

/** A value of a gauge with its labels. */
export interface GaugeValue<L = Labels> {
  readonly labels: L;
  readonly value: number;
}

/** A value of a metric. For histograms, `part` says whether it is the number of durations or their sum in seconds. */
export interface MetricValue extends GaugeValue {
  readonly part?: 'count' | 'sum';
}

/** The metrics of one server or worker, in their own registry. Only metrics that are in use appear in a scrape. */
export interface Metrics {
  /** Adds a counter, and returns a function that increases it by `by` (default 1). */
  counter<K extends keyof CounterLabels>(key: K): (labels: MetricLabels<K>, by?: number) => void;
  /** Adds a histogram, and returns a function that records a duration in milliseconds. */
  histogram<K extends keyof HistogramLabels>(key: K): (labels: MetricLabels<K>, milliseconds: number) => void;
  /** Adds a gauge whose values are read at each scrape. If `read` rejects, the gauge has no values. */
  gauge<K extends keyof GaugeLabels>(
    key: K,
    read: () => readonly GaugeValue<MetricLabels<K>>[] | Promise<readonly GaugeValue<MetricLabels<K>>[]>,
  ): void;
  /** Returns the values of a metric, without the buckets of histograms. Empty if the metric is not in use. */
  read(key: MetricKey): Promise<readonly MetricValue[]>;
  /** The media type of {@link text}. */
  readonly contentType: string;
  /** Returns all metrics in the text format of Prometheus. */
  text(): Promise<string>;
}

/**
 * Creates metrics with `prom-client`, which the caller passes because this package has no dependencies.
 *
 * @param options - `process` also collects the metrics of the process (memory, CPU, event loop). Default false
 */
export function createMetrics(client: PromClient, options: { process?: boolean } = {}): Metrics {
  const registry = new client.Registry();
  const added = new Map<string, unknown>();
  if (options.process) client.collectDefaultMetrics({ register: registry } as never);

  /** Adds a metric once, even if several components use it. */
  function add<T>(key: MetricKey, create: (configuration: never) => T): T {
    const known = added.get(key) as T | undefined;
    if (known !== undefined) return known;
    const { name, help, labels, buckets } = METRICS[key] as MetricDefinition;
    const metric = create({
      name,
      help,
      labelNames: labels,
      ...(buckets && { buckets }),
      registers: [registry],
    } as never);
    added.set(key, metric);
    return metric;
  }

  return {
    counter: (key) =>
      add(key, (configuration) => {
        const metric = new client.Counter(configuration);
        const child = remembered((labels) => metric.labels(labels as never));
        return (labels: Labels, by = 1) => child(labels).inc(by);
      }),
    histogram: (key) =>
      add(key, (configuration) => {
        const metric = new client.Histogram(configuration);
        const child = remembered((labels) => metric.labels(labels as never));
        return (labels: Labels, milliseconds: number) => child(labels).observe(milliseconds / 1000);
      }),
    gauge: (key, read) => {
      add(key, (configuration: object) => {
        async function collect(this: PromGauge): Promise<void> {
          const values = await Promise.resolve()
            .then(read)
            .catch(() => []);
          this.reset();
          for (const { labels, value } of values) this.set(labels as Labels, value);
        }
        return new client.Gauge({ ...configuration, collect } as never);
      });
    },
    read: async (key) => {
      const { values } = (await registry.getSingleMetric(METRICS[key].name)?.get()) ?? { values: [] };
      return values.flatMap(({ labels, value, metricName }): MetricValue[] => {
        const [, part] = /_(bucket|count|sum)$/.exec(metricName ?? '') ?? [];
        const of = { labels: labels as Labels, value };
        if (part === 'bucket') return [];
        return [part === 'count' || part === 'sum' ? { ...of, part } : of];
      });
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** Creates the child of a metric once for each combination of labels, because `prom-client` looks up labels slowly. */
function remembered<T>(create: (labels: Labels) => T): (labels: Labels) => T {
  const known = new Map<string, T>();
  return (labels) => {
    const id = Object.values(labels).join('\n');
    const child = known.get(id) ?? create(labels);
    known.set(id, child);
    return child;
  };
}
