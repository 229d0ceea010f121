import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BrokerUnavailableError } from '@slack-mcp/brokers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findHarnesses, type HarnessEntry, loadMemory } from '../src/find-harnesses.ts';
import { main } from '../src/main.ts';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function run(...parameters: readonly string[]): Promise<Outcome> {
  return runIn({}, ...parameters);
}

function runIn(env: Record<string, string>, ...parameters: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@slack-mcp/source', cli, ...parameters],
      { env: { ...process.env, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('prints a table, writes the results and exits with 0 if every property passes', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'results.json');
  const ids = ['delivery.ack-on-next', 'crash.sigkill-consumer'];
  const { code, stdout } = await run('--', 'memory', '--scale', '0.1', '--only', ids.join(','), '--json', file);
  expect(stdout).toMatch(/^property +memory\ndelivery\.ack-on-next +passed\n/);
  expect(stdout).toContain('memory: 1 passed, 0 failed, 0 not run, 1 not applicable');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    memory: {
      properties: [
        { id: ids[0], status: 'passed' },
        { id: ids[1], status: 'not-applicable', reason: 'there is no broker outside the process' },
      ],
    },
  });
  expect(code).toBe(0);
});

test.for([
  [['nope'], 'no such backend: nope (there are memory'],
  [['--scale', '0'], 'A number from 0.001 to 10'],
  [['--scale', '1e9'], 'A number from 0.001 to 10'],
  [['--deadline', '1e12'], 'A number from 1 to 3600000'],
  [['--concurrency', '0'], 'A number from 1 to 64'],
  [['--deadline', 'soon'], 'A number from 1 to 3600000'],
  [['--only', 'delivery.nope'], 'No such property: delivery.nope'],
  [['--only', ''], 'Ids of properties'],
  [['--only', ' , '], 'Ids of properties'],
  [['--json', '/no/such/folder/x.json'], 'It cannot be written: ENOENT'],
  [['--json', tmpdir()], 'It cannot be written: EISDIR'],
  [['--write-docs', '--only', 'delivery.manual'], 'leave out --only'],
  [['--bogus'], "unknown option '--bogus'"],
] as const)('refuses %j', async ([parameters, message]) => {
  const { code, stdout, stderr } = await run(...parameters);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('leaves no results file after a refusal, and no incomplete file', async () => {
  const folder = temporaryFolder();
  const refused = await run('memory', '--json', join(folder, 'results.json'), '--bogus');
  expect(refused.code).toBe(2);
  expect(readdirSync(folder)).toEqual([]);
  const file = join(folder, 'results.json');
  writeFileSync(file, 'of an earlier run');
  expect((await run('memory', '--json', file, '--only', 'delivery.nope')).code).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe('of an earlier run');
  expect((await run('memory', '--json', file, '--only', 'delivery.manual')).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['results.json']);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('memory');
});

test('rejects an unknown value of BROKERS', async () => {
  const { code, stderr } = await runIn({ BROKERS: 'nonsense' }, 'memory', '--only', 'delivery.manual');
  expect(stderr).toBe('BROKERS is "nonsense": expected required, skip or nothing.\n');
  expect(code).toBe(2);
});

const only = ['contract.metadata', 'delivery.manual'];

/** What the command makes of some harnesses. */
async function judge(entries: readonly HarnessEntry[]): Promise<{ code: number; table: string; written: unknown }> {
  const file = join(temporaryFolder(), 'results.json');
  let table = '';
  const output = {
    print: (text: string) => {
      table += text;
    },
    progress: () => undefined,
  };
  const code = await main(['--scale', '0.1', '--only', only.join(','), '--json', file], output, entries);
  return { code, table, written: JSON.parse(readFileSync(file, 'utf8')) };
}

const memory: HarnessEntry = { name: 'memory', load: loadMemory };
const held = { properties: only.map((id) => ({ id, status: 'passed' })) };

test.for([
  ['throws at import', "throw new Error('torn');", /^the harness cannot be loaded: Error: torn$/],
  ['has no createHarness', 'export const harness = {};', /exports no function createHarness$/],
  [
    'throws in createHarness',
    "export const createHarness = () => { throw new Error('torn') };",
    /loaded: Error: torn$/,
  ],
  ['returns no harness', 'export const createHarness = () => undefined;', /createHarness\(\) returns no harness$/],
  [
    'throws when it is asked',
    "export const createHarness = () => ({ create() {}, get notApplicable() { throw new Error('torn') } });",
    /^the harness cannot be used: Error: torn$/,
  ],
] as const)('a harness that %s fails its own column and no other', async ([, module, reason]) => {
  const packages = temporaryFolder();
  mkdirSync(join(packages, 'backend-bad', 'test'), { recursive: true });
  writeFileSync(join(packages, 'backend-bad', 'test', 'conformance-harness.ts'), module);
  const [bad] = findHarnesses(pathToFileURL(`${packages}/`)) as [HarnessEntry];
  const { code, table, written } = await judge([bad, memory]);
  expect(code).toBe(1);
  expect(written).toEqual({
    bad: { properties: only.map((id) => ({ id, status: 'failed', reason: expect.stringMatching(reason) })) },
    memory: held,
  });
  expect(table).toContain('bad: 0 passed, 2 failed');
  expect(table).toContain('memory: 2 passed, 0 failed');
});

test('fails the run but keeps the results if a harness cannot be disposed', async () => {
  const dispose = (): Promise<void> => Promise.reject(new Error('torn'));
  const { code, table, written } = await judge([
    { name: 'bad', load: async () => ({ ...(await loadMemory()), dispose }) },
    memory,
  ]);
  const failure = 'the harness cannot be ended: Error: torn';
  expect(written).toEqual({ bad: { ...held, failure }, memory: held });
  expect(table).toMatch(new RegExp(`bad, FAILED: ${failure}$`));
  expect(code).toBe(1);
});

test('reports an unavailable broker as "not run", and as a failure if it is required', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => said.mockRestore());
  onTestFinished(() => void vi.unstubAllEnvs());
  const load = (): Promise<never> => Promise.reject(new BrokerUnavailableError('redis', ['none here'], 'install it'));
  vi.stubEnv('BROKERS', '');
  const skipped = await judge([{ name: 'redis', load }, memory]);
  const reason = expect.stringContaining('none here');
  expect(skipped.written).toEqual({
    redis: { properties: only.map((id) => ({ id, status: 'not-run', reason })) },
    memory: held,
  });
  expect(skipped.code).toBe(0);
  vi.stubEnv('BROKERS', 'REQUIRED');
  const required = await judge([{ name: 'redis', load }, memory]);
  expect(required.table).toContain('BROKERS=required, but redis is not available');
  expect(required.code).toBe(1);
});
