import type { Address } from '../config/address.ts';
import { findObstacle, type Obstacle, type ProtocolProbe } from './find-obstacle.ts';
import { HandshakeError } from './handshake-error.ts';

/**
 * Finds out why connections to one address fail before the server's first answer. Concurrent failures share one probe.
 */
export class ConnectionProbe {
  readonly #address: Address;
  readonly #tls: boolean;
  readonly #protocol: ProtocolProbe;
  #probing: Promise<Obstacle | undefined> | undefined;

  /** @param tls - whether the connections use TLS */
  constructor(address: Address, tls: boolean, protocol: ProtocolProbe) {
    this.#address = address;
    this.#tls = tls;
    this.#protocol = protocol;
  }

  /** Resolves with the cause of a failure, or with `undefined` if the cause remains uncertain. Never rejects. */
  find(): Promise<Obstacle | undefined> {
    this.#probing ??= findObstacle(this.#address, this.#tls, this.#protocol).finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /** Resolves with an error that names the cause if `error` is ambiguous, otherwise with `error` itself. */
  async diagnose(error: Error): Promise<Error> {
    if (!(error instanceof HandshakeError) || !error.isDoubtful) return error;
    const obstacle = await this.find();
    return obstacle === undefined ? error : new HandshakeError(error.cause as Error, { tls: error.tls, obstacle });
  }
}
