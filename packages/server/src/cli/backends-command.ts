import { listBackends } from '@slack-mcp/core';
import { Command } from 'commander';

/** Shows which queue backends there are. */
export function createBackendsCommand(): Command {
  const command = new Command('backends').description('queue backends');
  command
    .command('list')
    .description('the installed ones, and those that can be')
    .action(() => {
      const backends = listBackends({ from: import.meta.url });
      const width = Math.max(...backends.map(({ name }) => name.length));
      for (const { name, packageName, installed, version = '' } of backends) {
        const state = installed ? `installed  ${packageName} ${version}` : `available  npm install ${packageName}`;
        process.stdout.write(`${name.padEnd(width)}  ${state.trimEnd()}\n`);
      }
    });
  return command;
}
