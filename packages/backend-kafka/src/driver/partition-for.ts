import murmur2 from 'kafkajs/src/producer/partitioners/default/murmur2.js';

/** Returns the partition that the Java client would choose for an ordering key. */
export function partitionFor(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
