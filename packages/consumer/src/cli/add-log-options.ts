import type { Command } from 'commander';

/** Adds the flags that every command accepts. */
export function addLogOptions(command: Command, defaultLevel: 'info' | 'warn'): Command {
  const levels = 'trace, debug, info, warn, error, fatal or silent';
  return command
    .option('--log-level <level>', `${levels} (env: LOG_LEVEL, default: ${defaultLevel})`)
    .option('--log-format <format>', 'json or text, on standard error (env: LOG_FORMAT, default: json)');
}
