/** Whose token acts: the app's own bot, or the person who installed the app. */
export type TokenKind = 'bot' | 'user';

/** The kind of a token, by its prefix; undefined where that says nothing. */
export function kindOfToken(token: string): TokenKind | undefined {
  const prefix = /^(?:xoxe\.)?xox([bp])-/.exec(token)?.[1];
  if (prefix === undefined) return undefined;
  return prefix === 'b' ? 'bot' : 'user';
}

/** Methods that act on what belongs to a person, or read with what a person may see. */
const OF_USERS =
  /^(search|stars|reminders)\.|^dnd\.(setSnooze|endSnooze|endDnd)$|^users\.(identity|setPhoto|deletePhoto|profile\.set)$/;

/** Which tokens serve a method, the preferred one first. */
export function kindsFor(method: string): readonly TokenKind[] {
  return OF_USERS.test(method) ? ['user', 'bot'] : ['bot', 'user'];
}
