import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { deployFile, deployFiles, deployYaml } from '../src/deploy-folder.ts';

const chart = 'helm/slack-mcp';
const values = deployYaml<Record<string, unknown>>(`${chart}/values.yaml`);
const templates = deployFiles(`${chart}/templates`, '').map(
  (name) => [name, deployFile(`${chart}/templates/${name}`)] as const,
);

/** Whether the values contain a path such as `worker.autoscaling.enabled`. */
function isValue(path: string): boolean {
  let value: unknown = values;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(part in value)) return false;
    value = (value as Record<string, unknown>)[part];
  }
  return true;
}

describe('the chart', () => {
  test('has values that match their schema, which rejects wrong values', () => {
    const validate = new Ajv().compile(JSON.parse(deployFile(`${chart}/values.schema.json`)) as object);
    validate(values);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...values, existingSecret: '' })).toBe(false);
    expect(validate({ ...values, config: { PORT: 3000 } })).toBe(false);
    // The template writes it from shutdownTimeoutSeconds.
    expect(validate({ ...values, config: { SHUTDOWN_TIMEOUT_MS: '5000' } })).toBe(false);
  });

  test.each(templates)('%s reads only values that exist', (_name, text) => {
    const paths = [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path as string);
    expect(paths.filter((path) => !isValue(path))).toEqual([]);
  });

  test.each(templates)('%s closes every block, and includes only named templates that exist', (_name, text) => {
    const opened = text.match(/\{\{-? *(if|with|range|define) /g)?.length ?? 0;
    expect(text.match(/\{\{-? *end *-?\}\}/g)?.length ?? 0).toBe(opened);
    const defined = [...deployFile(`${chart}/templates/_helpers.tpl`).matchAll(/define "([^"]+)"/g)].map(
      ([, name]) => name,
    );
    const included = [...text.matchAll(/include "([^"]+)"/g)].map(([, name]) => name);
    expect(defined).toEqual(expect.arrayContaining(included));
  });

  test('names the first version of Kubernetes that sleeps before a pod ends by default', () => {
    expect(templates.some(([, text]) => text.includes('sleep:'))).toBe(true);
    // https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/: in beta, and on, since 1.30.
    expect(deployYaml<{ kubeVersion?: string }>(`${chart}/Chart.yaml`).kubeVersion).toBe('>=1.30.0-0');
  });

  test('contains no secret, and gives pods more time to end than work in flight may take', () => {
    expect(templates.some(([, text]) => /^kind: Secret$/m.test(text))).toBe(false);
    expect(deployFile(`${chart}/templates/_helpers.tpl`)).toContain(
      'terminationGracePeriodSeconds: {{ add .Values.shutdownTimeoutSeconds 15 }}',
    );
  });
});
