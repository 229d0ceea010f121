// The types of other packages in the declarations of this package. The build copies them, so that users need neither of
// the two packages.
export type { Block, KnownBlock, MessageAttachment, Methods } from '@slack/web-api';
export type { Dispatcher } from 'undici';
