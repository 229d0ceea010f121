/** A call that does not say, in a way that is known, which of several workspaces it is for. */
export class TeamError extends Error {
  readonly code = 'unknown_team';
  /** What may be given. */
  readonly candidates: readonly string[];

  constructor(team: string | undefined, candidates: readonly string[]) {
    const problem =
      team === undefined
        ? 'This server acts in several workspaces: say in which, as team.'
        : `No workspace is named ${JSON.stringify(team.slice(0, 60))}.`;
    super(`${problem} There are ${candidates.join(', ')}.`);
    this.name = 'TeamError';
    this.candidates = candidates;
  }
}
