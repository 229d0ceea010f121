import type { EnvReader } from '../config/env.ts';

/** The backends of this project. The package of each backend is `@slack-mcp/backend-<name>`. */
export const AVAILABLE_BACKENDS: readonly string[] = ['memory', 'redis', 'rabbitmq', 'kafka'];

/** The backend without a broker, for development. The `memory` backend loses its messages when the process ends. */
export const DEVELOPMENT_BACKEND = 'memory';

/** Whether `value` is a valid backend name, which matches `[a-z][a-z0-9-]{0,31}`. */
export function isBackendName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value);
}

/** Returns the package name of a known backend. */
export function packageOf(name: string): string {
  return `@slack-mcp/backend-${name}`;
}

/**
 * Reads the backend name from `QUEUE_BACKEND` or its alias `QUEUE_BACKEND_TYPE`, in lower case.
 *
 * @throws ConfigurationError - the name is not valid, or the two variables differ
 */
export function selectedName(env: EnvReader): string | undefined {
  const [name, alias] = ['QUEUE_BACKEND', 'QUEUE_BACKEND_TYPE'].map((variable) => {
    const value = env.string(variable)?.toLowerCase();
    if (value === undefined || isBackendName(value)) return value;
    throw env.error(
      variable,
      'is not a valid backend name: start with a letter, and use at most 32 characters from a-z, 0-9 and "-"',
    );
  });
  if (name !== undefined && alias !== undefined && name !== alias) {
    throw env.error('QUEUE_BACKEND', `is ${name} but its alias QUEUE_BACKEND_TYPE is ${alias}: set only one of them`);
  }
  return name ?? alias;
}
