import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { gatherLines } from '../../src/logging/gather-lines.ts';

describe('gatherLines', () => {
  test('writes all lines of one turn at once, in order', async () => {
    const handedOver: string[] = [];
    const lines = gatherLines((text) => handedOver.push(text));
    lines.write('a\n');
    await Promise.resolve();
    lines.write('b\n');
    expect(handedOver).toEqual([]);
    await vi.waitFor(() => expect(handedOver).toEqual(['a\nb\n']), 10_000);
    lines.write('c\n');
    await vi.waitFor(() => expect(handedOver).toEqual(['a\nb\n', 'c\n']), 10_000);
  });

  test('does not wait for the end of a turn that keeps writing', () => {
    const handedOver: string[] = [];
    const lines = gatherLines((text) => handedOver.push(text));
    for (let count = 0; count < 100; count += 1) lines.write(`${'x'.repeat(999)}\n`);
    expect(handedOver.map(({ length }) => length)).toEqual([66_000]);
  });

  test('leaves no listener on the process', async () => {
    const before = process.listenerCount('exit');
    const lines = gatherLines(() => {});
    lines.write('a\n');
    expect(process.listenerCount('exit')).toBe(before + 1);
    lines.flushSync();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('createLogger', () => {
  const MODULE = new URL('../../src/logging/create-logger.ts', import.meta.url).href;

  async function run(format: 'json' | 'text', then: string): Promise<string> {
    const script = `import { createLogger } from '${MODULE}';
      const logger = createLogger({ level: 'info', format: '${format}' }, ['the-secret']);
      ${then}`;
    const args = ['--conditions=@slack-mcp/source', '--input-type=module', '--eval', script];
    const outcome = promisify(execFile)(process.execPath, args);
    return (await outcome.catch((error: { stderr: string }) => error)).stderr;
  }

  test.each([
    ['process.exit', `process.exit(0);`],
    ['an uncaught error', `throw new Error('x');`],
    ['a normal exit', ''],
  ])('loses no line when the process ends by %s', async (_what, end) => {
    const written = await run('json', `for (let i = 0; i < 5; i += 1) logger.info({ i }, 'line'); ${end}`);
    const lines = written.split('\n').filter((line) => line.startsWith('{"level"'));
    expect(lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual([0, 1, 2, 3, 4]);
  });

  test('writes fatal entries at once, after all earlier lines', async () => {
    const written = await run('json', `logger.info('a'); logger.fatal('b'); process.kill(process.pid, 'SIGKILL');`);
    expect(written).toMatch(/"message":"a"\}\n.*"message":"b"\}\n$/);
  });

  test('shows no secret in any line of a turn, in either format', async () => {
    const twice = `logger.info({ a: 'the-secret' }, 'one'); logger.info({ b: 'xoxb-1234567' }, 'two');`;
    expect(await run('json', twice)).toMatch(/"a":"\[redacted\]".*\n.*"b":"\[redacted\]".*\n$/);
    expect(await run('text', twice)).toMatch(/^\S+ INFO +one a=\[redacted\]\n\S+ INFO +two b=\[redacted\]\n$/);
  });
});
