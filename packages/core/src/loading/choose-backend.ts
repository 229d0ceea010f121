import { BackendNotFoundError, ConfigurationError } from '../contract/errors.ts';
import { ANNOUNCED_BACKENDS, AVAILABLE_BACKENDS, DEVELOPMENT_BACKEND, packageOf } from './backend-name.ts';
import type { InstalledBackend } from './discover-backends.ts';
import { nearestName } from './nearest-name.ts';

/** What the choice of a backend depends on. */
export interface ChoiceInput {
  /** The name that the environment selects. */
  readonly selected: string | undefined;
  /** The variable that selects it. Default `QUEUE_BACKEND`. */
  readonly variable?: string;
  readonly installed: readonly InstalledBackend[];
  /** Whether losing messages on restart is out of the question, unless it was asked for. */
  readonly production: boolean;
  /** The shell command that installs a package. */
  readonly install: (packageName: string) => string;
}

/** The installed backend to use, and why. */
export interface Choice {
  readonly chosen: InstalledBackend;
  /** `environment`: it was selected. `dependency`: it is depended on. `default`: nothing else is there. */
  readonly reason: 'environment' | 'dependency' | 'default';
  /** Names of others that could have been chosen just as well. */
  readonly others: readonly string[];
}

/**
 * The selected backend; else the first that is depended on; else the development backend.
 *
 * @throws BackendNotFoundError - says what is installed and known, the nearest name and what to install
 * @throws ConfigurationError - two packages claim the name, or only the development backend is left in production
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
      `QUEUE_BACKEND is not set, no backend is installed, and ${DEVELOPMENT_BACKEND} loses messages on restart: ` +
        `${remedy}, or ask for it with QUEUE_BACKEND=${DEVELOPMENT_BACKEND}`,
    );
  }
  if (!installed.some(({ name }) => name === DEVELOPMENT_BACKEND)) {
    throw new BackendNotFoundError(`no queue backend is installed: ${remedy}`);
  }
  return { chosen: named(DEVELOPMENT_BACKEND, input), reason: 'default', others: [] };
}

/** The first place that has it wins: the application's own is preferred to the command's. */
function named(name: string, input: ChoiceInput): InstalledBackend {
  const [first, ...others] = input.installed.filter((candidate) => candidate.name === name);
  if (first === undefined) throw notFound(name, input);
  const rival = others.find((candidate) => candidate.dependentPath === first.dependentPath);
  if (rival === undefined) return first;
  throw new ConfigurationError(
    `${first.packageName} and ${rival.packageName} both are the backend ${name}: remove one of them from ${first.dependentPath}`,
  );
}

function notFound(name: string, { installed, install, variable = 'QUEUE_BACKEND' }: ChoiceInput): BackendNotFoundError {
  const names = installed.map((backend) => backend.name);
  const known = [...AVAILABLE_BACKENDS, ...ANNOUNCED_BACKENDS];
  const meant = known.includes(name) ? name : nearestName(name, [...names, ...known]);
  const parts = [
    `the backend ${name} is not installed`,
    meant !== undefined && meant !== name && `did you mean ${meant}?`,
    `installed: ${installed.map((backend) => `${backend.name} (${backend.packageName})`).join(', ') || 'none'}`,
    `known: ${[...AVAILABLE_BACKENDS, ...ANNOUNCED_BACKENDS.map((one) => `${one} (not released yet)`)].join(', ')}`,
    remedyFor(meant),
  ];
  return new BackendNotFoundError(parts.filter(Boolean).join('; '));

  function remedyFor(backend: string | undefined): string {
    const example = install(packageOf('redis'));
    if (backend === undefined) return `install the package that provides it, for example: ${example}`;
    if (names.includes(backend)) return `set ${variable}=${backend}`;
    if (ANNOUNCED_BACKENDS.includes(backend)) return `install one that is released: ${example}`;
    return `install it: ${install(packageOf(backend))}`;
  }
}
