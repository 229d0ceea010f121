/** Replacements for the scopes of classic apps, which current apps cannot add. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['post', 'chat:write'],
  ['read', 'channels:read'],
  ['identify', 'users:read'],
  ['bot', 'chat:write'],
]);

/**
 * Replaces scopes of classic apps with current scopes. For example, the error `missing_scope` of `chat.postMessage`
 * names the scope `chat:write:bot`, which current apps cannot add.
 *
 * @param needed - the scope in Slack's answer, or several scopes separated by commas
 */
export function currentScopes(needed: string): string {
  const names = needed.split(',').map((name) => {
    const scope = name.trim();
    return RENAMED.get(scope) ?? scope.replace(/:(bot|user)$/, '');
  });
  return [...new Set(names)].join(',');
}
