import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { deployYaml, yamlObjects } from '../src/deploy-folder.ts';
import { findHelm, HELM_REMEDY } from '../src/find-helm.ts';
import { type Manifest, validateManifest } from '../src/validate-manifest.ts';

const CHART = fileURLToPath(new URL('../../../deploy/helm/slack-mcp', import.meta.url));
const helm = findHelm();
if (helm === undefined) process.stderr.write(`\n!! SKIPPED the chart is rendered by Helm: ${HELM_REMEDY}\n`);

const EVERYTHING = [
  '--set=ingress.enabled=true,ingress.host=slack.example.com',
  '--set=worker.autoscaling.enabled=true',
  '--set=podMonitor.enabled=true',
];

async function run(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(helm ?? 'helm', args);
  return stdout;
}

async function render(...args: string[]): Promise<Manifest[]> {
  const text = await run(
    'template',
    'release',
    CHART,
    '--kube-version=1.30',
    '--api-versions=keda.sh/v1alpha1',
    ...args,
  );
  return yamlObjects(text).filter((object) => object !== null) as unknown as Manifest[];
}

describe.skipIf(helm === undefined)('the chart, rendered by Helm', () => {
  test('passes lint, and is refused by an older Kubernetes', async () => {
    expect(await run('lint', CHART, '--strict', '--kube-version=1.30')).toContain('0 chart(s) failed');
    await expect(run('template', 'release', CHART, '--kube-version=1.29')).rejects.toThrow('1.30');
  });

  test.each<[string, string[], string[]]>([
    ['by default', [], ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service']],
    ['with everything', EVERYTHING, ['Deployment', 'Ingress', 'PodMonitor', 'ScaledObject']],
    ['with the worker alone', ['--set=server.enabled=false'], ['ConfigMap', 'Deployment']],
  ])('%s, each object matches its schema', async (_what, args, kinds) => {
    const objects = await render(...args);
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
    for (const object of objects) {
      await expect(validateManifest(object), `${object.kind} ${object.metadata.name}`).resolves.toBeUndefined();
    }
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('refuses values of the wrong type', async () => {
    await expect(render('--set-string=server.replicas=two')).rejects.toThrow(/replicas/);
    expect(deployYaml<{ server: object }>('helm/slack-mcp/values.yaml').server).toHaveProperty('replicas');
  });
});
