import { type BackendListing, listBackends } from '@slack-mcp/core';
import { Command } from 'commander';

/** Shows which queue backends there are. */
export function createBackendsCommand(): Command {
  const command = new Command('backends').description('queue backends');
  command
    .command('list')
    .description('the installed ones, those that can be, and those to come')
    .action(() => {
      const backends = listBackends({ appRoot: '.', from: import.meta.url });
      const width = Math.max(...backends.map(({ name }) => name.length));
      for (const backend of backends) process.stdout.write(`${backend.name.padEnd(width)}  ${stateOf(backend)}\n`);
    });
  return command;
}

function stateOf({ packageName, state, version = '' }: BackendListing): string {
  if (state === 'installed') return `installed  ${packageName} ${version}`.trimEnd();
  return state === 'available' ? `available  npm install ${packageName}` : 'not released yet';
}
