import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deployFile, deployFiles, ROOT } from '../src/deploy-folder.ts';
import { imageStart } from '../src/start-command.ts';

/** The commands of the published packages, with their built files. */
const bins = new Map(
  ['server', 'consumer'].flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as {
      bin: Readonly<Record<string, string>>;
    };
    return Object.entries(manifest.bin).map(([bin, file]) => [bin, join(`@slack-mcp/${name}`, file)] as const);
  }),
);

describe('the commands in deploy/ exist', () => {
  test('in the Dockerfile', () => {
    const { command, env } = imageStart();
    expect([...bins.keys()]).toContain(command);
    expect(env).toMatchObject({ NODE_ENV: 'production', NODE_OPTIONS: '--max-semi-space-size=16' });
  });

  test('in the Procfile, with processes that app.json starts', () => {
    const lines = deployFile('heroku/Procfile').trim().split('\n');
    const processes = lines.map((line) => /^(\w+): (\S+)/.exec(line)?.slice(1) ?? []);
    for (const [, command] of processes) expect([...bins.keys()]).toContain(command);
    const { formation } = JSON.parse(deployFile('heroku/app.json')) as { formation: object };
    expect(processes.map(([name]) => name)).toEqual(Object.keys(formation));
    expect(lines[1]).toContain('--handlers worker.mjs');
    expect(existsSync(join(ROOT, 'deploy/heroku/worker.mjs'))).toBe(true);
  });

  test.each(deployFiles('systemd', '.service'))('in %s', (name) => {
    const path = /^ExecStart=\/usr\/bin\/node --max-semi-space-size=16 node_modules\/(\S+)/m.exec(
      deployFile(`systemd/${name}`),
    )?.[1];
    expect([...bins.values()]).toContain(path);
  });

  test.each(['kubernetes/server.yaml', 'kubernetes/worker.yaml', 'cloud-run/service.yaml'])('in %s', (file) => {
    const [, command] = /^\s*args: \[([\w-]+)/m.exec(deployFile(file)) ?? [];
    expect([...bins.keys()]).toContain(command);
  });
});

describe('the pages', () => {
  const pages = ['docker', 'kubernetes', 'helm', 'heroku', 'cloud-run', 'systemd'];

  test.each(pages)('%s says that a public address needs authorization', (page) => {
    const text = readFileSync(join(ROOT, `docs/deploy/${page}.md`), 'utf8');
    expect(text).toContain('## Authorization');
    for (const name of ['MCP_AUTH_TOKEN', 'MCP_PUBLIC_URL', '/metrics']) expect(text).toContain(name);
  });

  test('are all in the index', () => {
    const index = readFileSync(join(ROOT, 'docs/deploy/README.md'), 'utf8');
    for (const page of pages) expect(index).toContain(`(${page}.md)`);
  });
});
