import { expect, test } from 'vitest';
import { packageManager } from '../run.ts';

const NPX = { command: 'npx', args: ['-y', expect.stringMatching(/^pnpm@\d+\.\d+\.\d+$/)] };
const [, version = ''] = packageManager({}).args[1]?.split('@') ?? [];
const agent = `pnpm/${version} npm/? node/v24.0.0 linux x64`;

test.for([
  ['npx outside a script', {}, NPX],
  ['npx in a script of another version', { npm_execpath: '/x/pnpm', npm_config_user_agent: 'pnpm/1.2.3 npm/?' }, NPX],
  ['npx in a script of npm', { npm_execpath: '/x/npm-cli.js', npm_config_user_agent: 'npm/11.0.0 node/v24.0.0' }, NPX],
  [
    'the program that started the script',
    { npm_execpath: '/x/pnpm', npm_config_user_agent: agent },
    { command: '/x/pnpm', args: [] },
  ],
  [
    'Node with the file that started the script',
    { npm_execpath: '/x/pnpm.mjs', npm_config_user_agent: agent },
    { command: process.execPath, args: ['/x/pnpm.mjs'] },
  ],
] as const)('uses %s', ([, env, expected]) => {
  expect(packageManager(env)).toEqual(expected);
});
