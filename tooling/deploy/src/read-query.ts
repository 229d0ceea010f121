import { parser } from '@prometheus-io/lezer-promql';

/** A metric that a query selects, with the labels that the query uses on it. */
export interface Selection {
  readonly metric: string;
  /** The labels in matchers. */
  readonly labels: readonly string[];
}

/** What a query in PromQL uses. */
export interface Query {
  readonly selections: readonly Selection[];
  /** The labels after `by` and `without`. */
  readonly groupings: readonly string[];
}

/** The variables of Grafana, which are not part of PromQL, with values of the same kind. */
const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\$__rate_interval|\$__interval|\$__range/g, '5m'],
  [/\$job/g, '.+'],
];

/**
 * Parses a query with Prometheus' own grammar for editors.
 *
 * @throws SyntaxError - the query is not valid
 */
export function readQuery(text: string): Query {
  const query = VARIABLES.reduce((rest, [variable, value]) => rest.replace(variable, value), text).trim();
  const selections: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(query).iterate({
    enter(node) {
      const shown = query.slice(node.from, node.to);
      if (node.type.isError) throw new SyntaxError(`not valid at position ${node.from}: ${query}`);
      if (node.name === 'VectorSelector') selections.push({ metric: '', labels: [] });
      const current = selections.at(-1);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector' && current) current.metric = shown;
      if (node.name === 'LabelName') {
        if (node.node.parent?.name === 'GroupingLabels') groupings.push(shown);
        else current?.labels.push(shown);
      }
    },
  });
  return { selections, groupings };
}
