/** One choice of a column. */
export interface ListChoice {
  readonly value: string;
  readonly label: string;
}

/** A column of a list. */
export interface ListColumn {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** Slack's name of the type, such as `text`, `select` or `todo_assignee`. */
  readonly type: string;
  readonly choices: readonly ListChoice[];
}
