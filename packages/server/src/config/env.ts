import { parseEnv } from 'node:util';
import { ConfigurationError, type Env } from '@slack-mcp/core';
import { readFile } from './read-file.ts';

/** The environment of this process. */
export function processEnv(): Env {
  return process.env;
}

/**
 * The variables of a file like `.env`.
 *
 * @throws ConfigurationError - the file cannot be read
 */
export function readEnvFile(file: string): Env {
  try {
    return parseEnv(readFile(file).text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'not a file of variables';
    throw new ConfigurationError(`cannot read ${file}: ${code} (for example --dotenv .env)`);
  }
}
