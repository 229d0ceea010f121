import { type BackendListing, listBackends } from '@slack-mcp/core';
import { Command } from 'commander';

/** Lists the queue backends. */
export function createBackendsCommand(): Command {
  const command = new Command('backends').description('queue backends');
  command
    .command('list')
    .description('installed and available queue backends')
    .action(() => {
      const backends = listBackends({ appRoot: '.', from: import.meta.url });
      const width = Math.max(...backends.map(({ name }) => name.length));
      for (const backend of backends) process.stdout.write(`${backend.name.padEnd(width)}  ${stateOf(backend)}\n`);
    });
  return command;
}

function stateOf({ packageName, state, version = '', problem }: BackendListing): string {
  if (state === 'invalid') return `invalid    ${packageName}: ${problem}`;
  if (state === 'installed') return `installed  ${packageName} ${version}`.trimEnd();
  return `available  npm install ${packageName}`;
}
