/** Scopes of classic apps that current apps cannot add, and their replacements. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['post', 'chat:write'],
  ['read', 'channels:read'],
  ['identify', 'users:read'],
  ['bot', 'chat:write'],
]);

/**
 * Maps scopes of classic apps to current ones: `chat.postMessage` answers `missing_scope` with `chat:write:bot`, which
 * a current app cannot add.
 *
 * @param needed - the scopes in Slack's answer: one, or several separated by commas
 */
export function currentScopes(needed: string): string {
  const names = needed.split(',').map((name) => {
    const scope = name.trim();
    return RENAMED.get(scope) ?? scope.replace(/:(bot|user)$/, '');
  });
  return [...new Set(names)].join(',');
}
