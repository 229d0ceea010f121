import { isBackendName } from '../loading/backend-name.ts';
import { apiVersionProblem } from './api-version.ts';
import type { BackendPlugin, PluginFacets } from './plugin.ts';

/**
 * Whether `value` is the manifest of a backend package with an API version that this package supports. Never throws.
 */
export function isBackendPlugin(value: unknown): value is BackendPlugin {
  return pluginProblem(value) === undefined;
}

/** The reason why `value` is not a {@link BackendPlugin}, or `undefined` if it is one. */
export function pluginProblem(value: unknown): string | undefined {
  try {
    if (typeof value !== 'object' || value === null) return 'it is missing or not an object';
    const plugin = value as Record<keyof BackendPlugin, unknown>;
    const { apiVersion, name, env, Backend } = plugin;
    const otherVersion = apiVersionProblem(apiVersion);
    if (otherVersion !== undefined) return otherVersion;
    if (!isBackendName(name)) return 'its name is not a valid backend name';
    if (!Array.isArray(env) || !env.every(isEnvVar)) return 'its env is not a list of variables';
    if (typeof (Backend as { fromEnv?: unknown } | undefined)?.fromEnv !== 'function')
      return 'its Backend has no static method fromEnv';
    const wrong = FACETS.find(([facet, subpath]) => plugin[facet] !== undefined && plugin[facet] !== subpath);
    return wrong && `its ${wrong[0]} is not "${wrong[1]}"`;
  } catch {
    return 'reading its properties throws an error';
  }
}

const FACETS = Object.entries({
  taskQueue: './task-queue',
  dedupeStore: './dedupe-store',
  idempotencyStore: './idempotency-store',
} satisfies Required<PluginFacets>) as [keyof PluginFacets, string][];

function isEnvVar(value: unknown): boolean {
  const { name, description, example } = value as Record<string, unknown>;
  return [name, description, example].every((text) => typeof text === 'string');
}
