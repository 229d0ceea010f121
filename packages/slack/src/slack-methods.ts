import type { Methods } from './foreign-types.ts';

/** Members of the client of `@slack/web-api` that are not methods of the Web API. */
type NotMethods = 'apiCall' | 'filesUploadV2';

type Entries<T, Prefix extends string> = {
  [K in keyof T & string]: K extends NotMethods | 'uploadV2'
    ? never
    : T[K] extends (...parameters: infer P) => Promise<infer R>
      ? [`${Prefix}${K}`, P, R]
      : T[K] extends (...parameters: never[]) => unknown
        ? never
        : T[K] extends object
          ? Entries<T[K], `${Prefix}${K}.`>
          : never;
}[keyof T & string];

type Entry = Entries<Methods, ''>;

type MethodTable = { [E in Entry as E[0]]: { parameters: E[1]; answer: E[2] } };

/** The name of a method of Slack's Web API, for example `chat.postMessage`. */
export type SlackMethod = keyof MethodTable & string;

/** The answer of a method. In an answer, `ok` is always true, because the client throws an error otherwise. */
export type SlackAnswer<M extends SlackMethod> = MethodTable[M]['answer'];

/** The arguments of a method. The client adds the token. */
export type SlackArguments<M extends SlackMethod> = NonNullable<MethodTable[M]['parameters'][0]> & {
  readonly token?: never;
};

/** Whether a method may be called without arguments. */
export type TakesNoArguments<M extends SlackMethod> = MethodTable[M]['parameters'] extends [unknown] ? false : true;
