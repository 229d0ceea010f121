/** Whether a token belongs to the app's bot or to the user who installed the app. */
export type TokenKind = 'bot' | 'user';

/** Returns the kind of a token by its prefix, or undefined if the prefix does not determine the kind. */
export function kindOfToken(token: string): TokenKind | undefined {
  const prefix = /^(?:xoxe\.)?xox([bp])-/.exec(token)?.[1];
  if (prefix === undefined) return undefined;
  return prefix === 'b' ? 'bot' : 'user';
}

/** Matches methods that act on a user's own data or read with a user's access. */
const OF_USERS =
  /^(search|stars|reminders)\.|^dnd\.(setSnooze|endSnooze|endDnd)$|^users\.(identity|setPhoto|deletePhoto|profile\.set)$/;

/** Returns the kinds of token that suit a method, in order of preference. */
export function kindsFor(method: string): readonly TokenKind[] {
  return OF_USERS.test(method) ? ['user', 'bot'] : ['bot', 'user'];
}
