import type { ConfigurationError } from '../contract/errors.ts';

/** Makes the error of an option or a variable: `problem` goes on after its name. */
export type Refuse = (problem: string) => ConfigurationError;
