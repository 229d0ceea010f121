import type { EnvVar } from '@slack-mcp/core';

/** A setting: an environment variable, the flag that overrides it, or both. */
export interface ServerVar extends EnvVar {
  /** The command-line flag, for example `--port`. */
  readonly flag?: string;
}
