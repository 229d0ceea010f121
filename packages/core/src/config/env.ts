import { ConfigurationError } from '../contract/errors.ts';
import type { EnvVar } from '../contract/plugin.ts';
import { quote } from '../text/quote.ts';
import { redactUrl } from '../text/redact-url.ts';
import { MAX_TIMER_MS } from './resolve-integers.ts';

/** Environment variables by name, for example `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Options for reading a variable. */
export interface ReadOptions<T> {
  /** The value to return if the variable is not set. Must equal {@link EnvVar.default} of the variable. */
  default?: T;
  /** Throws an error if the variable is not set. {@link EnvVar.required} has the same effect. */
  required?: boolean;
}

/** The type of a variable's value, which includes `undefined` only if the variable is optional and has no default. */
export type Reading<T, O> = O extends { default: T } | { required: true } ? T : T | undefined;

/**
 * Reads declared variables as typed values. Ignores surrounding white space and treats an empty value as unset. If a
 * value is invalid, throws a {@link ConfigurationError} that names the variable, the problem and an example, and never
 * contains the value of a secret variable.
 */
export interface EnvReader {
  /** All environment variables, including undeclared ones. */
  readonly source: Env;
  /** Whether the variable is declared. Reading an undeclared variable throws a `TypeError`. */
  isDeclared(name: string): boolean;
  string<O extends ReadOptions<string>>(name: string, options?: O): Reading<string, O>;
  /** Returns an integer. `min` defaults to 0, and `max` defaults to 2^53 - 1. */
  integer<O extends ReadOptions<number> & Bounds>(name: string, options?: O): Reading<number, O>;
  /** Returns a number of milliseconds. `min` defaults to 0, and `max` to 2147483647, the longest delay of a timer. */
  milliseconds<O extends ReadOptions<number> & Bounds>(name: string, options?: O): Reading<number, O>;
  /** Returns a boolean for `true`, `1`, `yes`, `on`, `false`, `0`, `no` or `off`. Case-insensitive. */
  boolean<O extends ReadOptions<boolean>>(name: string, options?: O): Reading<boolean, O>;
  /** Returns one of `values`. Ignores case, and returns the spelling in `values`. */
  oneOf<const T extends string, O extends ReadOptions<NoInfer<T>>>(
    name: string,
    values: readonly T[],
    options?: O,
  ): Reading<T, O>;
  /**
   * Returns a URL unchanged. `protocols` lists the accepted protocols, for example `['redis:', 'rediss:']`. Default:
   * any.
   */
  url<O extends ReadOptions<string> & { protocols?: readonly string[] }>(name: string, options?: O): Reading<string, O>;
  /**
   * Returns the items of a comma-separated list, without duplicates or empty items. Returns the default or `[]` if the
   * variable is unset.
   */
  list(name: string, options?: ReadOptions<readonly string[]>): readonly string[];
  /**
   * Creates an error whose message is the variable's name, `problem` and the variable's example. `problem` continues
   * the sentence that begins with the name, for example `needs REDIS_USERNAME`.
   */
  error(name: string, problem: string): ConfigurationError;
}

interface Bounds {
  min?: number;
  max?: number;
}

/**
 * Creates a reader for the declared environment variables of a package.
 *
 * @param vars - the declared variables; reading an undeclared variable throws a `TypeError`
 * @param source - the environment variables; default `process.env`
 */
export function readEnv(vars: readonly EnvVar[], source: Env = process.env): EnvReader {
  const declared = new Map(vars.map((variable) => [variable.name, variable]));

  function error(name: string, problem: string): ConfigurationError {
    const example = declared.get(name)?.example;
    return new ConfigurationError(`${name} ${problem}${example ? ` (for example ${name}=${example})` : ''}`);
  }

  function read<T, O extends ReadOptions<T>>(
    name: string,
    options: O | undefined,
    parse: (value: string) => T | undefined,
    expected: string,
  ): Reading<T, O> {
    const variable = declared.get(name);
    if (variable === undefined)
      throw new TypeError(`the variable ${name} is not declared: add it to the declared variables`);
    const fallback = options?.default;
    if (fallback !== undefined && String(fallback) !== variable.default) {
      throw new TypeError(
        `the default of ${name} is ${String(fallback)}, but its declaration says ${variable.default}: make them equal`,
      );
    }
    const value = source[name]?.trim();
    if (!value) {
      if (fallback === undefined && (options?.required || variable.required)) throw error(name, 'is not set');
      return fallback as Reading<T, O>;
    }
    const parsed = parse(value);
    if (parsed !== undefined) return parsed as Reading<T, O>;
    throw error(name, `is not ${expected}${variable.secret || holdsSecret(value) ? '' : `: ${shown(value)}`}`);
  }

  /** Whether `value` contains a secret of another variable, for example a token pasted into the wrong variable. */
  function holdsSecret(value: string): boolean {
    return Object.entries(source).some(
      ([name, secrets]) =>
        (declared.get(name)?.secret || SECRET_NAME.test(name)) &&
        secrets?.split(',').some((secret) => secret.trim().length >= 6 && value.includes(secret.trim())),
    );
  }

  return {
    source,
    error,
    isDeclared: (name) => declared.has(name),
    string: (name, options) => read(name, options, (value) => value, 'a text'),
    integer: (name, options) => read(name, options, ...integer(options)),
    milliseconds: (name, options) => read(name, options, ...integer({ max: MAX_TIMER_MS, ...options })),
    boolean: (name, options) =>
      read<boolean, NonNullable<typeof options>>(
        name,
        options,
        (value) => BOOLEANS.get(value.toLowerCase()),
        'true or false',
      ),
    oneOf: (name, values, options) =>
      read(
        name,
        options,
        (value) => values.find((candidate) => candidate.toLowerCase() === value.toLowerCase()),
        `one of ${values.join(', ')}`,
      ),
    url: (name, options) => {
      const protocols = options?.protocols;
      const expected = protocols ? `a URL with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}` : 'a URL';
      return read(name, options, (value) => (isUrl(value, protocols) ? value : undefined), expected);
    },
    list: (name, options) => {
      const parse = (value: string): readonly string[] =>
        [...new Set(value.split(',').map((item) => item.trim()))].filter(Boolean);
      const items = read<readonly string[], ReadOptions<readonly string[]>>(name, options, parse, 'a list') ?? [];
      if (items.length === 0 && options?.required) throw error(name, 'is not set');
      return items;
    },
  };
}

/** Matches the names of undeclared variables that are treated as secrets. */
const SECRET_NAME = /_(PASSWORD|SECRET|TOKEN)(_|$)/;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
]);

function integer({
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
}: Bounds = {}): [parse: (value: string) => number | undefined, expected: string] {
  const parse = (value: string): number | undefined => {
    const number = /^-?\d{1,16}$/.test(value) ? Number(value) + 0 : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
  return [
    parse,
    max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`,
  ];
}

function isUrl(value: string, protocols: readonly string[] | undefined): boolean {
  const url = URL.parse(value);
  return url !== null && url.host !== '' && (protocols === undefined || protocols.includes(url.protocol));
}

function shown(value: string): string {
  return value.includes('://') ? redactUrl(value) : quote(value);
}
