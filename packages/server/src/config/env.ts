import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError, type Env } from '@slack-mcp/core';

/** The environment of this process. */
export function processEnv(): Env {
  return process.env;
}

/**
 * The environment, with the variables of a `.env` file behind it.
 *
 * @param file - its path; default: `.env` in the working directory, if there is one
 * @throws ConfigurationError - the file cannot be read
 */
export function loadEnv(file?: string): Env {
  return { ...readEnvFile(file), ...process.env };
}

function readEnvFile(file: string | undefined): Env {
  try {
    return parseEnv(readFileSync(file ?? '.env', 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'not a file of variables';
    if (file === undefined && code === 'ENOENT') return {};
    throw new ConfigurationError(`cannot read ${file ?? '.env'}: ${code} (for example --dotenv .env)`);
  }
}
