import { DEVELOPMENT_BACKEND, isBackendName, KNOWN_BACKENDS, packageOf } from './backend-name.ts';
import type { InstalledBackend } from './discover-backends.ts';
import type { EnvReader } from './env.ts';
import { BackendNotFoundError, ConfigurationError } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/**
 * The name in `QUEUE_BACKEND` or its alias `QUEUE_BACKEND_TYPE`, in lower case.
 *
 * @throws ConfigurationError - not a name, or the two differ
 */
export function selectedName(env: EnvReader): string | undefined {
  const [name, alias] = ['QUEUE_BACKEND', 'QUEUE_BACKEND_TYPE'].map((variable) => {
    const value = env.string(variable)?.toLowerCase();
    if (value === undefined || isBackendName(value)) return value;
    throw env.error(variable, 'is not the name of a backend: a to z, 0 to 9 and "-", at most 32 of them');
  });
  if (name !== undefined && alias !== undefined && name !== alias) {
    throw env.error('QUEUE_BACKEND', `is ${name} and its alias QUEUE_BACKEND_TYPE is ${alias}: set one of them`);
  }
  return name ?? alias;
}

/**
 * The installed backend of that name.
 *
 * @param install - the shell command that installs a package
 * @throws BackendNotFoundError - says what is installed and known, the nearest name and what to install
 * @throws ConfigurationError - two packages of one place provide it
 */
export function chooseNamed(
  name: string,
  installed: readonly InstalledBackend[],
  install: (packageName: string) => string,
): InstalledBackend {
  const [first, ...others] = installed.filter((candidate) => candidate.name === name);
  if (first === undefined) throw notFound(name, installed, install);
  const rival = others.find((candidate) => candidate.dependentPath === first.dependentPath);
  if (rival) {
    throw new ConfigurationError(
      `${first.packageName} and ${rival.packageName} both provide the backend ${name}: remove one of them from ${first.dependentPath}`,
    );
  }
  return first;
}

/** The installed backends that may be taken without being named, the development backend left out. */
export function automaticChoices(installed: readonly InstalledBackend[]): InstalledBackend[] {
  const candidates = installed.filter(({ name, automatic }) => automatic && name !== DEVELOPMENT_BACKEND);
  return candidates.filter(({ name }, index) => candidates.findIndex((other) => other.name === name) === index);
}

function notFound(
  name: string,
  installed: readonly InstalledBackend[],
  install: (packageName: string) => string,
): BackendNotFoundError {
  const nearest = nearestName(name, [...installed.map((backend) => backend.name), ...KNOWN_BACKENDS]);
  const wanted = KNOWN_BACKENDS.includes(name) ? name : nearest;
  const isInstalled = installed.some((backend) => backend.name === wanted);
  return new BackendNotFoundError(
    [
      `the backend ${name} is not installed`,
      nearest && !KNOWN_BACKENDS.includes(name) && `did you mean ${nearest}?`,
      `installed: ${installed.map((backend) => `${backend.name} (${backend.packageName})`).join(', ') || 'none'}`,
      `known: ${KNOWN_BACKENDS.join(', ')}`,
      isInstalled
        ? `set QUEUE_BACKEND=${wanted}`
        : `install it with: ${install(wanted ? packageOf(wanted) : '<its package>')}`,
    ]
      .filter(Boolean)
      .join('; '),
  );
}
