import { BackendInvalidError, BackendNotFoundError, ConfigurationError } from '../contract/errors.ts';
import { AVAILABLE_BACKENDS, DEVELOPMENT_BACKEND, packageOf } from './backend-name.ts';
import type { IgnoredPackage, InstalledBackend } from './discover-backends.ts';
import { nearestName } from './nearest-name.ts';

/** Input of {@link chooseBackend}. */
export interface ChoiceInput {
  /** The name of the backend that the environment selects. */
  readonly selected: string | undefined;
  /** The variable that selects the backend. Default `QUEUE_BACKEND`. */
  readonly variable?: string;
  readonly installed: readonly InstalledBackend[];
  readonly ignored: readonly IgnoredPackage[];
  /** The folders whose dependencies were searched. */
  readonly searched?: readonly string[];
  /** Whether the application runs in production, where `memory` is used only if the environment selects it. */
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
 * @throws BackendInvalidError - the `package.json` of the selected backend has an invalid field `slack-mcp`
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
    const problem = `QUEUE_BACKEND is not set, no backend is installed, and ${DEVELOPMENT_BACKEND} loses messages on restart: install a backend (${remedy}), or set QUEUE_BACKEND=${DEVELOPMENT_BACKEND}`;
    throw new ConfigurationError([problem, ...ignoredPackages(input)].join('; '));
  }
  if (!installed.some(({ name }) => name === DEVELOPMENT_BACKEND)) {
    const parts = [`no queue backend is installed: ${remedy}`, ...ignoredPackages(input), ...elsewhere(input)];
    throw new BackendNotFoundError(parts.join('; '));
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

/** Names the packages that the user may have expected to be a backend. */
function ignoredPackages({ ignored }: ChoiceInput): string[] {
  if (ignored.length === 0) return [];
  return [`ignored: ${ignored.map(({ packageName, problem }) => `${packageName} (${problem})`).join(', ')}`];
}

function notFound(name: string, input: ChoiceInput): BackendInvalidError | BackendNotFoundError {
  const { installed, install, variable = 'QUEUE_BACKEND' } = input;
  const refused = input.ignored.find(({ packageName, claimed }) => claimed === name || isPackageFor(packageName, name));
  if (refused !== undefined) return invalid(refused, name, input);
  const names = installed.map((backend) => backend.name);
  const meant = AVAILABLE_BACKENDS.includes(name) ? name : nearestName(name, [...names, ...AVAILABLE_BACKENDS]);
  const parts = [
    `the backend ${name} is not installed`,
    meant !== undefined && meant !== name && `did you mean ${meant}?`,
    `installed: ${[...new Set(installed.map((backend) => `${backend.name} (${backend.packageName})`))].join(', ') || 'none'}`,
    `known: ${AVAILABLE_BACKENDS.join(', ')}`,
    ...ignoredPackages(input),
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

/** Whether a package has the usual name of a package for this backend. */
function isPackageFor(packageName: string, backend: string): boolean {
  return /(?:^|[/-])backend-(.+)$/.exec(packageName)?.[1] === backend;
}

function invalid(
  { packageName, problem }: IgnoredPackage,
  name: string,
  { install }: ChoiceInput,
): BackendInvalidError {
  const remedy = AVAILABLE_BACKENDS.includes(name)
    ? `Remove the package, and install the backend: ${install(packageOf(name))}`
    : 'Update the package or report this to its author';
  return new BackendInvalidError(`${packageName} cannot be used as the backend ${name}: ${problem}. ${remedy}`);
}
