import htm from './vendor/htm.js';
import { h } from './vendor/preact.js';

/** Creates elements from a template, without a compiler. */
export const html = htm.bind(h);
