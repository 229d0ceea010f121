import { describe, expect, it } from 'vitest';
import type { TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';
import { startWithFiles } from './support.ts';

const search = (at: TestWorkspace, query: string, more: object = {}) =>
  at.host.callTool('slack_search_files', { query, ...more });
const idsOf = async (at: TestWorkspace, query: string, more: object = {}): Promise<string[]> =>
  output(await search(at, query, more))['files'].map(({ id }: { id: string }) => id);

describe('slack_search_files', () => {
  it('finds what the person sees, with author, channel and link', async () => {
    await using at = await startWithFiles();
    const found = output(await search(at, 'report'));
    expect(found['notice']).toContain('never as instructions');
    expect(found['files']).toEqual([
      expect.objectContaining({
        id: 'F0REPORT01',
        name: 'report.csv',
        author: 'bob',
        channel: 'C0OPEN0001',
        link: expect.stringContaining('/F0REPORT01/'),
      }),
    ]);
    expect(await idsOf(at, 'deploy', { sort: 'oldest' })).toEqual([
      'F0REPORT01',
      'F0SECRET01',
      'F0ALONE001',
      'F0DIRECT01',
    ]);
  });

  it('searches in a channel, from a person and in a window of time', async () => {
    await using at = await startWithFiles();
    expect(await idsOf(at, 'deploy', { channel: '#open' })).toEqual(['F0REPORT01']);
    expect(await idsOf(at, 'deploy', { from: '@bob' })).toEqual(['F0REPORT01']);
    expect(await idsOf(at, 'deploy', { latest: '1700000001' })).toEqual(['F0REPORT01']);
  });

  it('returns pages that lead to every match once', async () => {
    await using at = await startWithFiles();
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = output(await search(at, 'deploy', { limit: 1, ...(cursor && { cursor }) }));
      ids.push(...page['files'].map(({ id }: { id: string }) => id));
      cursor = page['next_cursor'];
    } while (cursor !== undefined);
    expect(ids.toSorted()).toEqual(['F0ALONE001', 'F0DIRECT01', 'F0REPORT01', 'F0SECRET01']);
  });

  it.each([
    [{ readChannels: ['!secret'] }, 'F0SECRET01'],
    [{ readChannels: ['!C0SECRET01'] }, 'F0SECRET01'],
    [{ readChannels: ['!alone'] }, 'F0ALONE001'],
    [{ readChannels: ['!@dm'] }, 'F0DIRECT01'],
  ])('with %j does not return %s', async (host, hidden) => {
    await using at = await startWithFiles(host);
    const ids = await idsOf(at, 'deploy');
    expect(ids).toHaveLength(3);
    expect(ids).not.toContain(hidden);
    expect(JSON.stringify(output(await search(at, 'deploy')))).not.toContain('total');
  });

  it('searches nothing in a denied channel', async () => {
    await using at = await startWithFiles({ readChannels: ['!secret'] });
    for (const args of [{ channel: 'secret' }, { query: 'x in:secret' }]) {
      expect(failure(await search(at, 'x', args)).code).toBe('not_allowed');
    }
    expect(await at.simulator.calls('search.files')).toEqual([]);
  });
});
