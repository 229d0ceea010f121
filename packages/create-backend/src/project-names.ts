import { CreateError } from './create-error.ts';

/** The names of a backend in its project. */
export interface ProjectNames {
  /** The value of `QUEUE_BACKEND`, for example `my-broker`. */
  readonly backend: string;
  /** The prefix of its classes, for example `MyBroker`. */
  readonly classes: string;
  /** The prefix of its environment variables, for example `MY_BROKER`. */
  readonly variables: string;
}

/** The backends of slack-mcp. */
const TAKEN: readonly string[] = ['memory', 'redis', 'rabbitmq', 'kafka'];

/** The rule for names, as it appears in errors, the usage text and the README. */
export const NAME_RULE =
  'at most 32 characters, in words of a-z and 0-9 that begin with a letter, with one "-" between words';

/** @throws CreateError - the name is not valid */
export function projectNames(name: string): ProjectNames {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > 32) {
    throw new CreateError(
      `${JSON.stringify(name)} is not a valid name for a backend: use ${NAME_RULE} (for example nats)`,
    );
  }
  if (TAKEN.includes(name)) {
    throw new CreateError(`slack-mcp already has the backend ${name}: use another name (for example my-${name})`);
  }
  const words = name.split('-');
  const classes = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return { backend: name, classes, variables: words.join('_').toUpperCase() };
}
