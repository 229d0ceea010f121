import type { ConfigurationError } from '../contract/errors.ts';

/** Creates the error of an invalid option or variable. `problem` continues after its name. */
export type Refuse = (problem: string) => ConfigurationError;
