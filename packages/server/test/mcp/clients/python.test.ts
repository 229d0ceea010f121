import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { installPythonPackages, NoPythonError } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { listen } from '../support/listen.ts';
import { startWorkspace } from '../support/start-workspace.ts';
import { stdioServerParameters } from '../support/stdio-server.ts';
import type { Exchange } from './exchange.ts';

type Way = [transport: 'stdio' | 'Streamable HTTP' | 'SSE', mode: string, revision: string];

const LINES: [version: string, ways: Way[]][] = [
  [
    '1.30.0',
    [
      ['stdio', 'its only mode', '2025-11-25'],
      ['Streamable HTTP', 'its only mode', '2025-11-25'],
      ['SSE', 'its only mode', '2025-11-25'],
    ],
  ],
  [
    '2.3.0',
    [
      ['stdio', 'auto', '2026-07-28'],
      ['Streamable HTTP', 'auto', '2026-07-28'],
      ['SSE', 'auto', '2025-11-25'],
      ['stdio', '2026-07-28', '2026-07-28'],
      ['Streamable HTTP', '2026-07-28', '2026-07-28'],
      ['stdio', 'legacy', '2025-11-25'],
      ['Streamable HTTP', 'legacy', '2025-11-25'],
    ],
  ],
];

describe('the official Python client', () => {
  it.concurrent.for(LINES)(
    '%s lists, calls, reads and gets a prompt',
    { timeout: 180_000 },
    async ([version, ways], context) => {
      const installed = await installPythonPackages(`mcp-${version}`, [`mcp==${version}`]).catch((error: unknown) => {
        // Where the client is required, its absence is a failure.
        if (error instanceof NoPythonError && process.env['PYTHON_CLIENTS'] !== 'required') return error;
        throw error;
      });
      if (installed instanceof Error) return context.skip(`The Python client is not available: ${installed.message}`);

      await using at = await startWorkspace();
      await using server = await listen({ host: at.host, logger: at.log });
      const process_ = stdioServerParameters(at.simulator.url);
      const python = spawn('python3', [fileURLToPath(new URL('./exchange.py', import.meta.url))], {
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONPATH: installed },
        stdio: 'pipe',
      });
      context.onTestFinished(() => void python.kill('SIGKILL'));
      python.stdin.end(
        JSON.stringify(ways.map(([transport, mode]) => ({ transport, mode, url: server.url, process: process_ }))),
      );
      const [out, said] = await Promise.all([text(python.stdout), text(python.stderr)]);
      expect(out, said).not.toBe('');
      const seen = JSON.parse(out) as (Exchange & { revision: string })[];
      expect(seen.map(({ revision }) => revision)).toEqual(ways.map(([, , revision]) => revision));
      for (const { tools, texts, resource, prompt } of seen) {
        expect(tools).toEqual(at.host.tools.map((tool) => tool.name));
        expect(texts.length).toBeGreaterThan(0);
        expect(resource).toHaveProperty('emoji.shipit');
        expect(prompt).toContain('channel = "general"');
      }
    },
  );
});
