import type { ConfigurationError } from '../contract/errors.ts';

/** Creates the error of an invalid option or variable. `problem` continues the sentence after the name. */
export type Refuse = (problem: string) => ConfigurationError;
