/** The direction of bytes. */
export type Direction = 'to-broker' | 'to-client';

export const directions: readonly Direction[] = ['to-broker', 'to-client'];
