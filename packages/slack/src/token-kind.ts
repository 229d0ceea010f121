/** Whose token is used: the token of the app's bot, or of the person who installed the app. */
export type TokenKind = 'bot' | 'user';

/** The kind of a token by its prefix; undefined if the prefix does not determine it. */
export function kindOfToken(token: string): TokenKind | undefined {
  const prefix = /^(?:xoxe\.)?xox([bp])-/.exec(token)?.[1];
  if (prefix === undefined) return undefined;
  return prefix === 'b' ? 'bot' : 'user';
}

/** Methods that act on a person's own data, or read with a person's access. */
const OF_USERS =
  /^(search|stars|reminders)\.|^dnd\.(setSnooze|endSnooze|endDnd)$|^users\.(identity|setPhoto|deletePhoto|profile\.set)$/;

/** The kinds of token that suit a method, the preferred one first. */
export function kindsFor(method: string): readonly TokenKind[] {
  return OF_USERS.test(method) ? ['user', 'bot'] : ['bot', 'user'];
}
