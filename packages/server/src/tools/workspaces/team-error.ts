import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../explained-error.ts';

/** A call that does not say, in a way that is known, which of several workspaces it is for. */
export class TeamError extends Error implements ExplainedError {
  readonly code = 'unknown_team';
  readonly nextStep: string;
  /** What may be given. */
  readonly candidates: readonly string[];

  constructor(team: string | undefined, candidates: readonly string[]) {
    super(
      team === undefined
        ? 'This server acts in several workspaces: say in which, as team.'
        : `No workspace is named ${JSON.stringify(team.slice(0, 60))}.`,
    );
    this.name = 'TeamError';
    this.nextStep = `There are ${candidates.join(', ')}.`;
    this.candidates = candidates;
  }

  get details(): JsonObject {
    return { candidates: [...this.candidates] };
  }
}
