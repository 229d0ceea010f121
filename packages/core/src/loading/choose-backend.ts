import { BackendNotFoundError, ConfigurationError } from '../contract/errors.ts';
import { AVAILABLE_BACKENDS, DEVELOPMENT_BACKEND, packageOf } from './backend-name.ts';
import type { InstalledBackend } from './discover-backends.ts';
import { nearestName } from './nearest-name.ts';

/** Input of {@link chooseBackend}. */
export interface ChoiceInput {
  /** The name of the backend that the environment selects. */
  readonly selected: string | undefined;
  /** The variable that selects the backend. Default `QUEUE_BACKEND`. */
  readonly variable?: string;
  readonly installed: readonly InstalledBackend[];
  /** The folders whose dependencies were searched. */
  readonly searched?: readonly string[];
  /** Whether a backend that loses messages on restart is used only if the environment selects it. */
  readonly production: boolean;
  /** The shell command that installs a package. */
  readonly install: (packageName: string) => string;
}

/** The chosen backend and the reason for the choice. */
export interface Choice {
  readonly chosen: InstalledBackend;
  /**
   * Why the backend was chosen: a variable selects it (`environment`), the application depends on it (`dependency`), or
   * no other backend is installed (`default`).
   */
  readonly reason: 'environment' | 'dependency' | 'default';
  /** Names of the other dependencies that are backends. */
  readonly others: readonly string[];
}

/**
 * Chooses the selected backend, otherwise the first dependency that is a backend, otherwise the development backend.
 *
 * @throws BackendNotFoundError - the selected backend is not installed, or no backend is installed; the message
 *   includes an install command
 * @throws ConfigurationError - two dependencies of one `package.json` provide the chosen backend, or the choice in
 *   production would be the development backend
 */
export function chooseBackend(input: ChoiceInput): Choice {
  const { selected, installed, production, install } = input;
  if (selected !== undefined) return { chosen: named(selected, input), reason: 'environment', others: [] };
  const automatic = installed.filter((backend) => backend.automatic && backend.name !== DEVELOPMENT_BACKEND);
  const [first, ...others] = new Set(automatic.map(({ name }) => name));
  if (first !== undefined) return { chosen: named(first, input), reason: 'dependency', others };
  const remedy = install(packageOf('redis'));
  if (production) {
    throw new ConfigurationError(
      `QUEUE_BACKEND is not set, no backend is installed, and ${DEVELOPMENT_BACKEND} loses messages on restart: install a backend (${remedy}), or set QUEUE_BACKEND=${DEVELOPMENT_BACKEND}`,
    );
  }
  if (!installed.some(({ name }) => name === DEVELOPMENT_BACKEND)) {
    throw new BackendNotFoundError([`no queue backend is installed: ${remedy}`, ...elsewhere(input)].join('; '));
  }
  return { chosen: named(DEVELOPMENT_BACKEND, input), reason: 'default', others: [] };
}

/**
 * Returns the backend with this name: a dependency of the application takes precedence over a dependency of the
 * command.
 */
function named(name: string, input: ChoiceInput): InstalledBackend {
  const [first, ...others] = input.installed.filter((candidate) => candidate.name === name);
  if (first === undefined) throw notFound(name, input);
  const rival = others.find((candidate) => candidate.dependentPath === first.dependentPath);
  if (rival === undefined) return first;
  throw new ConfigurationError(
    `${first.packageName} and ${rival.packageName} both provide the backend ${name}: remove one of them from ${first.dependentPath}`,
  );
}

/**
 * Describes where the loader searched, which helps if the application is in another folder or a bundle lacks its
 * dependencies.
 */
function elsewhere({ searched }: ChoiceInput): string[] {
  if (searched === undefined) return [];
  const folders = searched.join(', ') || 'no folder with a package.json';
  return [`searched: ${folders} (in code, set appRoot to the application's folder, or pass the plugin)`];
}

function notFound(name: string, input: ChoiceInput): BackendNotFoundError {
  const { installed, install, variable = 'QUEUE_BACKEND' } = input;
  const names = installed.map((backend) => backend.name);
  const meant = AVAILABLE_BACKENDS.includes(name) ? name : nearestName(name, [...names, ...AVAILABLE_BACKENDS]);
  const parts = [
    `the backend ${name} is not installed`,
    meant !== undefined && meant !== name && `did you mean ${meant}?`,
    `installed: ${installed.map((backend) => `${backend.name} (${backend.packageName})`).join(', ') || 'none'}`,
    `known: ${AVAILABLE_BACKENDS.join(', ')}`,
    remedyFor(meant),
    ...elsewhere(input),
  ];
  return new BackendNotFoundError(parts.filter(Boolean).join('; '));

  function remedyFor(backend: string | undefined): string {
    if (backend === undefined) {
      return `install the package that provides it, for example: ${install(packageOf('redis'))}`;
    }
    if (names.includes(backend)) return `set ${variable}=${backend}`;
    return `install it: ${install(packageOf(backend))}`;
  }
}
