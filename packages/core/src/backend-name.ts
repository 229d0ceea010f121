/** Whether `value` can name a backend: `[a-z][a-z0-9-]{0,31}`. */
export function isBackendName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value);
}
