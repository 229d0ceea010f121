import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../explained-error.ts';

/** Thrown if the server uses several workspaces and a call names no workspace, or an unknown workspace. */
export class TeamError extends Error implements ExplainedError {
  readonly code = 'unknown_team';
  readonly nextStep: string;
  /** The known names. */
  readonly candidates: readonly string[];

  constructor(team: string | undefined, candidates: readonly string[]) {
    super(
      team === undefined
        ? 'This server uses several workspaces: set team to one of them.'
        : `No workspace is named ${JSON.stringify(team.slice(0, 60))}.`,
    );
    this.name = 'TeamError';
    this.nextStep = `Workspaces: ${candidates.join(', ')}.`;
    this.candidates = candidates;
  }

  get details(): JsonObject {
    return { candidates: [...this.candidates] };
  }
}
