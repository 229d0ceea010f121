import type { EnvReader } from '../config/env.ts';

/** The backends of this project that can be installed, each as the package `@slack-mcp/backend-<name>`. */
export const AVAILABLE_BACKENDS: readonly string[] = ['memory', 'redis'];

/** Those that are to come. */
export const ANNOUNCED_BACKENDS: readonly string[] = ['kafka', 'rabbitmq'];

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

/**
 * The name in `QUEUE_BACKEND` or its alias `QUEUE_BACKEND_TYPE`, in lower case.
 *
 * @throws ConfigurationError - not a name, or the two differ
 */
export function selectedName(env: EnvReader): string | undefined {
  const [name, alias] = ['QUEUE_BACKEND', 'QUEUE_BACKEND_TYPE'].map((variable) => {
    const value = env.string(variable)?.toLowerCase();
    if (value === undefined || isBackendName(value)) return value;
    throw env.error(variable, 'is not the name of a backend: a letter, then a to z, 0 to 9 and "-", at most 32 in all');
  });
  if (name !== undefined && alias !== undefined && name !== alias) {
    throw env.error('QUEUE_BACKEND', `is ${name} and its alias QUEUE_BACKEND_TYPE is ${alias}: set one of them`);
  }
  return name ?? alias;
}
