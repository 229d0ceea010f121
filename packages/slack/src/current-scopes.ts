/** Scopes of classic apps that today's apps cannot add, and what took their place. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['post', 'chat:write'],
  ['read', 'channels:read'],
  ['identify', 'users:read'],
  ['bot', 'chat:write'],
]);

/**
 * The scopes to ask for, where Slack names those of classic apps: `chat.postMessage` answers `missing_scope` with
 * `chat:write:bot`, which an app of today cannot add.
 *
 * @param needed - as Slack names them: one scope, or several separated by commas
 */
export function currentScopes(needed: string): string {
  const names = needed.split(',').map((name) => {
    const scope = name.trim();
    return RENAMED.get(scope) ?? scope.replace(/:(bot|user)$/, '');
  });
  return [...new Set(names)].join(',');
}
