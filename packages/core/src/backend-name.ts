/** The backends of this project, each in the package `@slack-mcp/backend-<name>`. */
export const KNOWN_BACKENDS: readonly string[] = ['memory', 'redis', 'kafka', 'rabbitmq'];

/** The backend that needs no broker and loses its messages with the process. */
export const DEVELOPMENT_BACKEND = 'memory';

/** Whether `value` can name a backend: `[a-z][a-z0-9-]{0,31}`. */
export function isBackendName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value);
}

/** The package of a known backend. */
export function packageOf(name: string): string {
  return `@slack-mcp/backend-${name}`;
}
