import { createSimulator } from '@slack-mcp/simulator';
import { createSlackPort } from '@slack-mcp/slack';
import { expect, it, onTestFinished } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { findNames } from '../../../src/tools/directory/find-names.ts';
import { Names } from '../../../src/tools/directory/names.ts';

function namesOf(...entries: readonly string[][]): Names {
  const known = new Names(100);
  for (const [index, names] of entries.entries()) known.add({ id: `C${index}`, names });
  return known;
}

it('ranks names, so that results of several lists can be merged', async () => {
  const known = namesOf(['deploy'], ['deploys'], ['auto-deploy'], ['deploy-to-prod']);
  const { entries } = await findNames(known, '#Deploy', { limit: 10 });
  expect(entries.map(({ entry, rank }) => [entry.names[0], rank])).toEqual([
    ['deploy', 0],
    ['deploys', 1],
    ['deploy-to-prod', 1],
    ['auto-deploy', 2],
  ]);
});

it('finds words in any order, in names with hyphens, dots and underscores', async () => {
  const known = namesOf(['release-notes_2030'], ['notes']);
  expect((await findNames(known, '2030 release notes', { limit: 10 })).entries).toHaveLength(1);
});

it.each(['', '#', ' : ', '--'])('finds nothing for %j', async (query) => {
  expect(await findNames(namesOf(['deploy'], ['-']), query, { limit: 10, similar: true })).toEqual({
    entries: [],
    more: false,
  });
});

it('stops when the call is cancelled', async () => {
  const known = new Names(200_000);
  for (let index = 0; index < 200_000; index += 1) known.add({ id: `C${index}`, names: [`channel-${index}`] });
  const cancelled = new Error('cancelled');
  await expect(findNames(known, 'x', { limit: 5, signal: AbortSignal.abort(cancelled) })).rejects.toBe(cancelled);
});

it('reads the list again if nothing matches and the list may be outdated', async () => {
  const simulator = await createSimulator({ signingSecret: 'secret', botToken: 'xoxb-1' });
  const slack = createSlackPort({ token: 'xoxb-1', apiUrl: simulator.url });
  const directory = createDirectory({ slack, refreshAfterMs: 0 });
  onTestFinished(async () => {
    directory.close();
    await simulator.close();
  });
  expect((await directory.channels.find('launch', { limit: 5 })).entries).toEqual([]);
  await simulator.createChannel('alice', 'launch-2030');
  const { entries } = await directory.channels.find('launch', { limit: 5 });
  expect(entries.map(({ entry }) => entry.names)).toEqual([['launch-2030']]);
});
