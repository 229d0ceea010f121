import type { SimulatorOptions } from '@slack-mcp/simulator';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../../support/open-host.ts';

const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;

/** The bytes of an image with one pixel. */
export const PIXEL: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const CANVAS = '<h1>Plan</h1><p>Ship &amp; <a href="https://example.com">tell</a></p><ul><li>One</li><li>Two</li></ul>';

/** Alice sees all of these channels, the bot all but `alone`. */
const CHANNELS = [
  {
    id: 'C0OPEN0001',
    name: 'open',
    members: [ALICE, BOB, BOT],
    messages: [
      {
        user: BOB,
        text: 'Files',
        files: [
          { id: 'F0REPORT01', name: 'report.csv', title: 'Report of the deploys', content: 'day,deploys\n1,7' },
          { id: 'F0PIXEL001', name: 'pixel.png', content: PIXEL },
          { id: 'F0VIDEO001', name: 'demo.mp4', mimetype: 'video/mp4', content: 'x' },
          { id: 'F0CANVAS01', name: 'plan', mimetype: 'application/vnd.slack-docs', content: CANVAS },
          {
            id: 'F0LONG0001',
            name: 'long.txt',
            content: Array.from({ length: 20_000 }, (_, n) => `line ${n}`).join('\n'),
          },
          { id: 'F0BINARY01', name: 'fake.txt', content: Buffer.from([97, 0, 98]) },
          { id: 'F0HUGE0001', name: 'huge.png', content: Buffer.alloc(800_000) },
        ],
      },
    ],
  },
  {
    id: 'C0SECRET01',
    name: 'secret',
    members: [ALICE, BOT],
    messages: [{ user: ALICE, text: '', files: [{ id: 'F0SECRET01', name: 'secret.csv', content: 'deploys' }] }],
  },
  {
    id: 'C0ALONE001',
    name: 'alone',
    type: 'group' as const,
    members: [ALICE],
    messages: [{ user: ALICE, text: '', files: [{ id: 'F0ALONE001', name: 'alone.txt', content: 'deploy alone' }] }],
  },
  {
    id: 'D0ALICE001',
    type: 'im' as const,
    members: [ALICE, BOT],
    messages: [{ user: ALICE, text: '', files: [{ id: 'F0DIRECT01', name: 'direct.txt', content: 'deploy to one' }] }],
  },
];

/** Starts a workspace with files, whose tools have the bot's token and the token of Alice. */
export function startWithFiles(
  host: Partial<TestHostOptions> = {},
  simulator: Partial<SimulatorOptions> = {},
): Promise<TestWorkspace> {
  return startWorkspace({
    ...BOTH_TOKENS,
    host,
    simulator: { ...BOTH_TOKENS.simulator, seed: { channels: CHANNELS }, ...simulator },
  });
}
