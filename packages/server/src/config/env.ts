import { parseEnv } from 'node:util';
import { ConfigurationError, type Env, readRegularFile } from '@slack-mcp/core';

/** The environment of this process. */
export function processEnv(): Env {
  return process.env;
}

/**
 * Reads the variables of a file in the format of `.env`.
 *
 * @throws ConfigurationError - the file cannot be read
 */
export function readEnvFile(file: string): Env {
  try {
    return parseEnv(readRegularFile(file).text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'not a file with variables';
    throw new ConfigurationError(
      `cannot read ${file}: ${code}; it must be a readable regular file of at most 1 MiB with lines such as SLACK_BOT_TOKEN=xoxb-your-token`,
    );
  }
}
