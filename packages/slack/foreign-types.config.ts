import { defineForeignTypes } from '../../tsdown.base.ts';

/** Runs after `tsdown.config.ts`, and replaces a file of its output. */
export default defineForeignTypes({ 'foreign-types': 'src/foreign-types.ts' });
