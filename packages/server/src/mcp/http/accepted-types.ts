import type { IncomingMessage } from 'node:http';

/** What a client of Streamable HTTP takes as an answer. */
export interface AcceptedTypes {
  readonly json: boolean;
  readonly stream: boolean;
}

/**
 * What an `Accept` header takes, as HTTP means it: without one anything, a type by its name or by `*`, none of weight 0.
 */
export function acceptedTypes(accept: string | undefined): AcceptedTypes {
  if (accept === undefined || accept.trim() === '') return { json: true, stream: true };
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)))
    .map(([type]) => type);
  const takes = (...types: readonly string[]): boolean => types.some((type) => ranges.includes(type));
  return {
    json: takes('application/json', 'application/*', '*/*'),
    stream: takes('text/event-stream', 'text/*', '*/*'),
  };
}

/** Says that a client takes both types, which the SDK wants to hear whatever the client means. */
export function acceptBoth({ headers, rawHeaders }: IncomingMessage): void {
  headers.accept = 'application/json, text/event-stream';
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]?.toLowerCase() === 'accept') rawHeaders.splice(index, 2);
  }
  rawHeaders.push('Accept', headers.accept);
}
