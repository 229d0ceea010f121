/**
 * Thrown if a request from the server cannot reach the client, because the client accepts only JSON as the answer to
 * its own request.
 */
export class UndeliverableRequestError extends Error {
  constructor() {
    super('The server cannot send a request to the client, because the client accepts only JSON.');
    this.name = 'UndeliverableRequestError';
  }
}
