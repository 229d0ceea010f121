import murmur2 from 'kafkajs/src/producer/partitioners/default/murmur2.js';

/** The partition of an ordering key, as the Java client chooses it. */
export function partitionFor(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
