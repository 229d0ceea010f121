import { createToolRegistry, type ToolRegistry } from '../registry.ts';
import { canvases } from './canvases/canvases.ts';
import { channels } from './channels/channels.ts';
import { directory } from './directory/directory.ts';
import { editing } from './editing/editing.ts';
import { emoji } from './emoji/emoji.ts';
import { files } from './files/files.ts';
import { lists } from './lists/lists.ts';
import { messages } from './messages/messages.ts';
import { methods } from './methods/methods.ts';
import { moreReactions } from './more-reactions/more-reactions.ts';
import { reactions } from './reactions/reactions.ts';
import { scheduling } from './scheduling/scheduling.ts';
import { search } from './search/search.ts';
import { unreads } from './unreads/unreads.ts';
import { uploads } from './uploads/uploads.ts';
import { userGroups } from './user-groups/user-groups.ts';

/** All toolsets, in listing order. */
export const allToolsets: ToolRegistry = createToolRegistry([
  messages,
  search,
  files,
  unreads,
  directory,
  userGroups,
  emoji,
  reactions,
  editing,
  moreReactions,
  scheduling,
  uploads,
  canvases,
  lists,
  channels,
  methods,
]);
