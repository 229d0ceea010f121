import { createConsumer, NonRetryableError } from '@slack-mcp/consumer';
import type { WorkerModule } from '@slack-mcp/slack';
import { expect, test, vi } from 'vitest';
import { joinTimelines } from '../../src/cli/ops/joined-timelines.ts';
import { hostedCommands, runCommand } from '../support/commands.ts';
import { memoryBackend } from '../support/ingress-server.ts';
import { OPERATE_KEY, READ_KEY, startOpsServer } from '../support/ops-server.ts';

const runHosted = hostedCommands();
const ops = (url: string, args: string[], key = OPERATE_KEY, run: typeof runHosted = runHosted) =>
  run('slack-mcp', { args: ['ops', ...args], env: { SLACK_MCP_OPS_URL: url, SLACK_MCP_OPS_KEY: key } });

test('slack-mcp ops shows groups and an event, and redrives dead letters as a job', async () => {
  let works = false;
  const worker: WorkerModule = async (context) => {
    const consumer = createConsumer({ group: 'workers', ...context });
    consumer.on('app_mention', async () => {
      if (!works) throw new NonRetryableError('not yet');
    });
    await consumer.start();
    return consumer;
  };
  const { url, event, get } = await startOpsServer(memoryBackend(), worker);
  const id = await event();
  await vi.waitFor(async () => {
    const answer = await (await get('/ops/dead-letters?group=workers')).json();
    expect(answer).toMatchObject({ items: [{ eventId: id }] });
  }, 10_000);
  works = true;

  const groups = await ops(url, ['groups'], READ_KEY, runCommand);
  expect([groups.code, groups.stderr]).toEqual([0, '']);
  expect(groups.stdout).toMatch(
    /^group +key +lag +oldest .*\nworkers +slack_events +0 +0 ms +1 +1 +0 +0 +0 +server\n$/,
  );
  const redriven = await ops(url, ['redrive', '--group', 'workers', '--id', id, '--rate', '10']);
  expect([redriven.code, redriven.stdout]).toEqual([
    0,
    expect.stringMatching(/^completed: 1 of 1 dead letters of workers redriven, job \S+\n$/),
  ]);
  await vi.waitFor(async () => {
    const { stdout } = await ops(url, ['event', id]);
    expect(stdout).toContain(`A0123456789:${id}`);
    expect(stdout).toMatch(
      /dead_lettered[\s\S]*redriven[\s\S]*attempt[\s\S]*handled +server, workers, attempt 1, took/,
    );
  }, 30_000);
});

test('slack-mcp ops shows what the other processes answer if one is down', async () => {
  const worker: WorkerModule = async (context) => {
    const consumer = createConsumer({ group: 'workers', ...context });
    consumer.on('app_mention', () => {});
    await consumer.start();
    return consumer;
  };
  const backend = memoryBackend();
  const { url } = await startOpsServer(backend, worker);
  const both = `${url},http://127.0.0.1:1`;
  for (const args of [['groups'], ['events'], ['jobs'], ['audit'], ['pause', '--group', 'workers']]) {
    const { code, stdout, stderr } = await ops(both, args);
    expect([args, code, stderr]).toEqual([
      args,
      1,
      expect.stringMatching(/^slack-mcp.*http:\/\/127\.0\.0\.1:1 does not/),
    ]);
    if (args[0] === 'groups') expect(stdout).toContain(`server ${url}`);
    if (args[0] === 'pause') expect(stdout).toBe(`${url}: 1 of 1 consumers of workers are paused\n`);
  }
  const health = vi.spyOn(backend, 'health').mockResolvedValue({ status: 'down', detail: {} });
  const down = await ops(url, ['groups'], OPERATE_KEY, runCommand);
  expect([down.code, down.stderr]).toEqual([1, expect.stringContaining(`${url}: the queue backend memory is down`)]);
  health.mockRestore();
}, 60_000);

test('slack-mcp ops reports what is wrong in one line', async () => {
  const { url } = await startOpsServer(memoryBackend());
  const cases: [args: string[], code: number, stderr: RegExp, key?: string][] = [
    [['groups'], 1, /A valid key is required/, 'a-wrong-key-of-16-chars'],
    [['groups'], 2, /SLACK_MCP_OPS_KEY is not set/, ''],
    [['groups'], 2, /SLACK_MCP_OPS_KEY contains a key with characters that a header cannot hold/, 'ключ'.repeat(5)],
    [['groups', '--url', 'http://127.0.0.1:1'], 1, /http:\/\/127\.0\.0\.1:1 does not answer \(bad port\)/],
    [['event', 'Ev1'], 1, /has not seen the event Ev1/],
    [['redrive', '--group', 'workers'], 2, /pass either a filter such as --code, or --all: neither was given/],
    [['redrive', '--group', 'workers', '--all', '--rate', '0'], 2, /--rate must be a whole number of at least 1/],
    [['purge', '--group', 'workers', '--all'], 2, /confirm it with --yes/],
    [['redrive', '--group', 'workers', '--after', 'soon'], 2, /--after must be a date and time/],
  ];
  const ended = await Promise.all(cases.map(([args, , , key]) => ops(url, args, key)));
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(
    cases.map(([, code, stderr]) => [code, expect.stringMatching(new RegExp(`^slack-mcp: .*${stderr.source}.*$`))]),
  );
});

test('timelines of several processes are joined by the id of the message', () => {
  const facts = { messageId: 'A1:Ev1', key: 'slack_events', dropped: 0 };
  const joined = joinTimelines([
    {
      process: 'worker',
      events: [{ ...facts, entries: [{ step: 'attempt', at: 3, attempt: 1 }] }],
    },
    {
      process: 'server',
      events: [
        {
          ...facts,
          type: 'app_mention',
          entries: [
            { step: 'received', at: 1 },
            { step: 'stored', at: 2 },
          ],
        },
        { ...facts, messageId: 'A1:Ev2', entries: [{ step: 'received', at: 9 }] },
      ],
    },
  ]);
  expect(
    joined.map(({ messageId, entries }) => [messageId, entries.map(({ step, process }) => `${process} ${step}`)]),
  ).toEqual([
    ['A1:Ev2', ['server received']],
    ['A1:Ev1', ['server received', 'server stored', 'worker attempt']],
  ]);
});
