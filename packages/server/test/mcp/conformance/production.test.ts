import { describe, expect, it } from 'vitest';
import { listen } from '../support/listen.ts';
import { startWorkspace } from '../support/start-workspace.ts';
import { type Revision, runConformance } from './run-conformance.ts';

/** Scenarios that every server must pass: in the baseline, their failure would go unnoticed. */
const ALWAYS: Record<Revision, string[]> = {
  '2025-11-25': [
    'server-initialize',
    'logging-set-level',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'server-session-lifecycle',
    'server-sse-polling',
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'caching',
    'sep-2164-resource-not-found',
    'server-sse-multiple-streams',
    'http-header-validation',
    'dns-rebinding-protection',
    'input-required-result-unsupported-methods',
  ],
};

describe('the production server', () => {
  it.each<Revision>(['2025-11-25', '2026-07-28'])(
    'passes all of revision %s except what its baseline lists',
    { timeout: 120_000 },
    async (revision) => {
      await using at = await startWorkspace();
      await using server = await listen({ host: at.host, logger: at.log });
      const { passed, passing, said } = await runConformance(
        `${server.url}/mcp`,
        revision,
        `./production-${revision}.yaml`,
      );
      expect(passed, said.slice(-6_000)).toBe(true);
      expect(passing).toEqual(expect.arrayContaining(ALWAYS[revision]));
    },
  );

  it('passes the sessionless part of revision 2025-11-25 without sessions', { timeout: 120_000 }, async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log, sessions: 'stateless' });
    const { passing } = await runConformance(`${server.url}/mcp`, '2025-11-25');
    const needsSession = new Set(['logging-set-level', 'server-sse-polling']);
    expect(passing).toEqual(expect.arrayContaining(ALWAYS['2025-11-25'].filter((name) => !needsSession.has(name))));
  });
});
