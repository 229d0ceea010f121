/**
 * Thrown if a request of the server cannot reach the client, because the client accepts only JSON as the answer to its
 * own request.
 */
export class UndeliverableRequestError extends Error {
  constructor() {
    super('The client accepts only JSON, so a request of the server cannot reach it.');
    this.name = 'UndeliverableRequestError';
  }
}
