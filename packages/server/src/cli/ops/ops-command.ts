import { Command } from 'commander';
import { createActCommands } from './act-commands.ts';
import { createReadCommands } from './read-commands.ts';

/** Shows and operates the queue of running servers and workers, through their operations API. */
export function createOpsCommand(): Command {
  const command = new Command('ops').description('Show and operate the queue of running servers and workers');
  for (const child of [...createReadCommands(), ...createActCommands()]) command.addCommand(child);
  return command;
}
