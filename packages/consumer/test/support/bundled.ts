import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

/** A source file of this package in the bundle of `global-setup.ts`, or `backend-NAME.ts` for a backend. */
export function bundled(path: string): string {
  return join(inject('programs'), path.replace(/\.ts$/, '.mjs'));
}

/** A source file of this package, which Node runs without a build. */
export function sourceOf(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
