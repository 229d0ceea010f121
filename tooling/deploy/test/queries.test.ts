import { describe, expect, test } from 'vitest';
import { deployFile, deployYaml } from '../src/deploy-folder.ts';
import { readQuery } from '../src/read-query.ts';
import { knownSeries } from '../src/series.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const { panels } = JSON.parse(deployFile('grafana/slack-mcp.json')) as { panels: readonly Panel[] };
const { groups } = deployYaml<{ groups: readonly { rules: readonly Rule[] }[] }>('prometheus/slack-mcp.rules.yaml');
const rules = groups.flatMap((group) => group.rules);
const queries: readonly (readonly [title: string, query: string])[] = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ...rules.map(({ record, alert, expr }) => [record ?? alert ?? '', expr] as const),
];
const series = new Map(await knownSeries());
for (const { record, expr } of rules) if (record) series.set(record, new Set(readQuery(expr).groupings));

describe('the board and the alert rules', () => {
  test('have panels with queries, and alerts', () => {
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.length).toBeGreaterThan(20);
    for (const { title, targets } of shown) expect([title, targets?.length]).not.toEqual([title, 0]);
    expect(rules.filter(({ alert }) => alert !== undefined).length).toBeGreaterThan(10);
  });

  test.each(queries)('%s: selects existing metrics by existing labels: %s', (_title, query) => {
    const { selections, groupings } = readQuery(query);
    expect(selections.length).toBeGreaterThan(0);
    const known = new Set<string>();
    for (const { metric, labels } of selections) {
      expect([...series.keys()]).toContain(metric);
      for (const label of series.get(metric) ?? []) known.add(label);
      expect([...(series.get(metric) ?? [])]).toEqual(expect.arrayContaining([...labels]));
    }
    expect([...known]).toEqual(expect.arrayContaining([...groupings]));
  });

  test.each(rules.filter(({ alert }) => alert !== undefined))(
    '$alert: the text uses labels that the query keeps',
    ({ expr, annotations = {} }) => {
      const used = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      const { selections, groupings } = readQuery(expr);
      const kept =
        groupings.length > 0 ? groupings : selections.flatMap(({ metric }) => [...(series.get(metric) ?? [])]);
      expect(kept).toEqual(expect.arrayContaining(used));
    },
  );

  test('cover every metric that the server and the worker define', () => {
    const shown = new Set(queries.flatMap(([, query]) => readQuery(query).selections.map(({ metric }) => metric)));
    const base = [...series.keys()].filter((name) => /^slack_mcp_/.test(name));
    const names = new Set(base.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    const missing = [...names].filter(
      (name) => ![...shown].some((metric) => metric.replace(/_(bucket|sum|count)$/, '') === name),
    );
    expect(missing).toEqual(['slack_mcp_ingress_in_flight_bytes', 'slack_mcp_socket_mode_connections']);
  });
});

describe('the check of queries', () => {
  test.each(['sum(rate(x[5m])', 'sum by (', 'rate(x)[', 'x{a=}'])('rejects %s', (query) => {
    expect(() => readQuery(query)).toThrow(SyntaxError);
  });

  test('finds metrics, labels of matchers and groupings', () => {
    expect(readQuery('sum by (a) (rate(x_total{b="1", c=~"$job"}[$__rate_interval])) / on (a) y')).toEqual({
      selections: [
        { metric: 'x_total', labels: ['b', 'c'] },
        { metric: 'y', labels: [] },
      ],
      groupings: ['a', 'a'],
    });
  });
});
