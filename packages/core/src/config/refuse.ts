import type { ConfigurationError } from '../contract/errors.ts';

/** Creates the error for an invalid option or variable. `problem` is the text after the name in the error message. */
export type Refuse = (problem: string) => ConfigurationError;
