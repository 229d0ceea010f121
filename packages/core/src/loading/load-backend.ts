import { dirname } from 'node:path';
import { type Env, readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import type { QueueBackend } from '../contract/backend.ts';
import { BackendInvalidError, ConfigurationError, isQueueError } from '../contract/errors.ts';
import { pluginProblem } from '../contract/is-backend-plugin.ts';
import { backendProblem, isQueueBackend } from '../contract/is-queue-backend.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { BackendPlugin } from '../contract/plugin.ts';
import { redactUrl } from '../text/redact-url.ts';
import { packageOf, selectedName } from './backend-name.ts';
import { chooseBackend } from './choose-backend.ts';
import { discoverBackends } from './discover-backends.ts';
import { importPlugin } from './import-plugin.ts';
import { installCommand } from './install-command.ts';
import { type DiscoveryOptions, places } from './places.ts';

/** Options of {@link loadBackend}. */
export interface LoadBackendOptions extends DiscoveryOptions {
  /** A backend instance to use. */
  backend?: QueueBackend;
  /** A plugin to use instead of an installed backend. */
  plugin?: BackendPlugin;
  /** The environment variables. Default `process.env`. */
  env?: Env;
  /** The logger, also passed to the backend. Default: none. */
  logger?: Logger;
}

/** A loaded backend and the reason for the choice. */
export interface LoadedBackend {
  readonly backend: QueueBackend;
  /**
   * Why the backend was chosen: the caller passed it (`instance` or `plugin`), `QUEUE_BACKEND` names it
   * (`environment`), the application depends on it (`dependency`), or no other backend is installed (`default`).
   */
  readonly reason: 'instance' | 'plugin' | 'environment' | 'dependency' | 'default';
  /** The plugin of the backend; absent if the caller passed an instance. */
  readonly plugin?: BackendPlugin;
  /** The name of the backend's package; absent if the caller passed the backend or the plugin. */
  readonly packageName?: string;
}

/**
 * Loads the backend that is passed in code, otherwise the backend that `QUEUE_BACKEND` names, otherwise the first
 * backend that the application depends on, otherwise `memory`, which is for development only. Opens no connection.
 *
 * @throws ConfigurationError - `QUEUE_BACKEND` or a variable of the backend is invalid, or no backend is installed in
 *   production
 * @throws BackendNotFoundError - the backend is not installed; the message lists the installed and known backends and
 *   the install command
 * @throws BackendInvalidError - the package or the passed value is not a valid backend
 */
export async function loadBackend(options: LoadBackendOptions = {}): Promise<LoadedBackend> {
  const loaded = await load(options);
  const { backend, reason, packageName } = loaded;
  const { endpoint } = backend;
  (options.logger ?? silentLogger).info(
    {
      backend: backend.name,
      reason,
      ...(packageName !== undefined && { package: packageName }),
      ...(typeof endpoint === 'string' && { endpoint: endpoint.includes('@') ? redactUrl(endpoint) : endpoint }),
    },
    'queue_backend_loaded',
  );
  return loaded;
}

async function load(options: LoadBackendOptions): Promise<LoadedBackend> {
  const { backend, plugin, appRoot } = options;
  if (backend !== undefined && plugin !== undefined)
    throw new ConfigurationError('backend and plugin are both set: pass only one of them');
  if (backend !== undefined) return { backend: checked(backend, 'the backend passed in code'), reason: 'instance' };
  const env = readEnv(QUEUE_ENV, options.env);
  if (plugin !== undefined) {
    const problem = pluginProblem(plugin);
    if (problem) throw new BackendInvalidError(`the plugin passed in code is not a backend plugin: ${problem}`);
    return { backend: create(plugin, env.source, options.logger), reason: 'plugin', plugin };
  }

  // Validated before anything is read from disk.
  const selected = selectedName(env);
  const install = (packageName: string): string => installCommand(packageName, appRoot, env.source);
  const production = env.source['NODE_ENV'] === 'production';
  const discovery = discoverBackends(options);
  const choice = chooseBackend({
    ...discovery,
    selected,
    searched: places(options).map(({ path }) => dirname(path)),
    production,
    install,
  });
  const { chosen, reason, others } = choice;
  const found = await importPlugin(chosen);
  // Created before anything is logged, so that an error here is the only output.
  const created = create(found, env.source, options.logger);
  for (const { packageName, problem } of discovery.ignored) {
    warn(options.logger, 'queue_backend_ignored', { package: packageName }, `not used as a backend: ${problem}`);
  }
  if (others.length > 0) {
    const names = [chosen.name, ...others].join(', ');
    warn(
      options.logger,
      'queue_backend_ambiguous',
      { backend: chosen.name },
      `several backends are installed, choose one with QUEUE_BACKEND: ${names}`,
    );
  }
  if (reason === 'default') {
    const remedy = install(packageOf('redis'));
    warn(options.logger, 'queue_backend_development_only', { backend: chosen.name }, `${DEVELOPMENT_ONLY}: ${remedy}`);
  }
  return { backend: created, reason, plugin: found, packageName: chosen.packageName };
}

const DEVELOPMENT_ONLY = 'it is for development only and loses messages on restart';

function create(plugin: BackendPlugin, env: Env, logger: Logger | undefined): QueueBackend {
  let backend: QueueBackend;
  try {
    backend = plugin.Backend.fromEnv(env, logger && { logger });
  } catch (cause) {
    if (isQueueError(cause)) throw cause;
    throw new BackendInvalidError(
      `the backend ${plugin.name} cannot be created, because its fromEnv threw an unexpected error. Report this to its author`,
      { cause },
    );
  }
  const created = checked(backend, `the result of fromEnv of the backend ${plugin.name}`);
  if (created.name === plugin.name) return created;
  throw new BackendInvalidError(
    `the plugin ${plugin.name} creates a backend named ${created.name}: both must have the same name. Update the package or report this to its author`,
  );
}

function checked(backend: QueueBackend, what: string): QueueBackend {
  if (isQueueBackend(backend)) return backend;
  throw new BackendInvalidError(`${what} is not a queue backend: ${backendProblem(backend)}`);
}

function warn(logger: Logger | undefined, event: string, subject: Record<string, string>, hint: string): void {
  if (logger) logger.warn({ ...subject, hint }, event);
  // The warning about lost messages must also appear without a logger.
  else process.emitWarning(`${Object.values(subject)}: ${hint}`, { type: 'SlackMcpWarning', code: event });
}
