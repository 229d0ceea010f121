import { LOG_LEVELS } from './client-log.ts';
import { RequestError } from './request-error.ts';

type Check = (value: unknown) => boolean;

/** The type of each parameter of a method. A parameter whose name ends with a question mark is optional. */
type Shape = Readonly<Record<string, readonly [expected: string, check: Check]>>;

const isText: Check = (value) => typeof value === 'string';
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const holdsTexts: Check = (value) => isObject(value) && Object.values(value as object).every(isText);
const member = (value: unknown, name: string): unknown => (value as Record<string, unknown>)[name];

const LIST: Shape = { 'cursor?': ['a string', isText] };
const URI: Shape = { uri: ['a string', isText] };

const SHAPES: Readonly<Record<string, Shape>> = {
  'tools/list': LIST,
  'tools/call': { name: ['a string', isText], 'arguments?': ['an object', isObject] },
  'prompts/list': LIST,
  'prompts/get': { name: ['a string', isText], 'arguments?': ['an object of strings', holdsTexts] },
  'resources/list': LIST,
  'resources/templates/list': LIST,
  'resources/read': URI,
  'resources/subscribe': URI,
  'resources/unsubscribe': URI,
  'logging/setLevel': { level: [`one of ${LOG_LEVELS.join(', ')}`, (value) => LOG_LEVELS.includes(value as never)] },
  'completion/complete': {
    ref: [
      'a prompt by name, or a resource template by uri',
      (value) =>
        isObject(value) &&
        ((member(value, 'type') === 'ref/prompt' && isText(member(value, 'name'))) ||
          (member(value, 'type') === 'ref/resource' && isText(member(value, 'uri')))),
    ],
    argument: [
      'an object with name and value',
      (value) => isObject(value) && isText(member(value, 'name')) && isText(member(value, 'value')),
    ],
    'context?': [
      'an object with optional arguments',
      (value) =>
        isObject(value) && (member(value, 'arguments') === undefined || holdsTexts(member(value, 'arguments'))),
    ],
  },
};

/**
 * Checks a request's parameters without copying them.
 *
 * @throws RequestError - a parameter is invalid; the message names the parameter
 */
export function checkParams(method: string, params: unknown): void {
  const given = params ?? {};
  for (const [name, [expected, check]] of Object.entries(SHAPES[method] ?? {})) {
    const optional = name.endsWith('?');
    const key = optional ? name.slice(0, -1) : name;
    const value = Object.hasOwn(given, key) ? member(given, key) : undefined;
    if ((optional && value === undefined) || check(value)) continue;
    throw new RequestError('invalidParams', `${method}: ${key} must be ${expected}.`);
  }
}
