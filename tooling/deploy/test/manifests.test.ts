import { describe, expect, test } from 'vitest';
import { deployFile, deployFiles, yamlObjects } from '../src/deploy-folder.ts';
import { type Manifest, validateManifest } from '../src/validate-manifest.ts';

interface Container {
  readonly name: string;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly [probe: string]: unknown;
}

interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
}

const files = [...deployFiles('kubernetes', '.yaml').map((name) => `kubernetes/${name}`), 'cloud-run/service.yaml'];
const manifests = files.flatMap((file) =>
  yamlObjects(deployFile(file)).map((manifest) => ({ file, manifest: manifest as unknown as Manifest })),
);
const objects = manifests.filter(({ manifest }) => manifest.kind !== 'Kustomization');
const deployments = objects
  .filter(({ manifest }) => manifest.kind === 'Deployment')
  .map(({ manifest }) => manifest as Manifest & { spec: { template: { spec: PodSpec } } });
const config = objects.find(({ manifest }) => manifest.kind === 'ConfigMap')?.manifest as Manifest & {
  data: Readonly<Record<string, string>>;
};

describe('the manifests of Kubernetes and Cloud Run', () => {
  test.each(objects)('$file: $manifest.kind matches its schema', async ({ manifest }) => {
    await expect(validateManifest(manifest)).resolves.toBeUndefined();
  });

  test('are validated: a wrong field is found', async () => {
    const [deployment] = deployments as readonly (Manifest & { spec: object })[];
    const wrong = { ...deployment, spec: { ...deployment?.spec, replicas: 'two' } } as unknown as Manifest;
    await expect(validateManifest(wrong)).rejects.toThrow('replicas');
  });

  test('are all in the kustomization, except the example of a secret and what needs KEDA', () => {
    const { resources } = yamlObjects(deployFile('kubernetes/kustomization.yaml'))[0] as { resources: string[] };
    const others = deployFiles('kubernetes', '.yaml').filter((name) => name !== 'kustomization.yaml');
    expect(others.filter((name) => !resources.includes(name))).toEqual(['secret.example.yaml', 'worker-scaling.yaml']);
  });

  test.each(deployments)('$metadata.name: runs without root, on a read-only file system, with probes', ({ spec }) => {
    const pod = spec.template.spec;
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    const [container] = pod.containers;
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/healthz' } },
      livenessProbe: { httpGet: { path: '/healthz' } },
      readinessProbe: { httpGet: { path: '/readyz' } },
    });
  });

  test.each(deployments)('$metadata.name: has more time to end than work in flight may take', ({ spec }) => {
    const { terminationGracePeriodSeconds = 30 } = spec.template.spec;
    // The wait before SIGTERM, and the time to close after the drain time.
    expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThan(
      Number(config.data['SHUTDOWN_TIMEOUT_MS']) + 5_000 + 3_000,
    );
  });
});

describe('the unit files of systemd', () => {
  test.each(deployFiles('systemd', '.service'))(
    '%s ends after the drain time and is not restarted when misconfigured',
    (name) => {
      const unit = deployFile(`systemd/${name}`);
      const drainMs = Number(/SHUTDOWN_TIMEOUT_MS=(\d+)/.exec(unit)?.[1]);
      const stopMs = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) * 1_000;
      expect(stopMs).toBeGreaterThan(drainMs + 3_000);
      for (const line of [
        'RestartPreventExitStatus=2',
        'DynamicUser=yes',
        'ProtectSystem=strict',
        'NoNewPrivileges=yes',
      ]) {
        expect(unit.split('\n')).toContain(line);
      }
    },
  );

  test('let the server write to a folder of its own, for the spool', () => {
    const lines = deployFile('systemd/slack-mcp.service').split('\n');
    expect(lines).toEqual(expect.arrayContaining(['StateDirectory=slack-mcp', 'StateDirectoryMode=0700']));
    expect(deployFile('systemd/slack-mcp-worker.service')).not.toContain('StateDirectory');
  });
});
