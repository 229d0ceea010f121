/** Where bytes are on their way to. */
export type Direction = 'to-broker' | 'to-client';

export const directions: readonly Direction[] = ['to-broker', 'to-client'];
