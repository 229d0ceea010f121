/** The first revision in which every request says its own, and nothing is agreed on beforehand. */
const FIRST_MODERN_REVISION = '2026-07-28';
const REVISION_META_KEY = 'io.modelcontextprotocol/protocolVersion';

/** Whether this names a revision since 2026-07-28. */
export function isModernRevision(revision: string | undefined): boolean {
  return revision !== undefined && revision.trim() >= FIRST_MODERN_REVISION;
}

/** Whether a message, or one of a batch, says of itself that it is of a revision since 2026-07-28. */
export function claimsRevision(message: unknown): boolean {
  const messages: readonly unknown[] = Array.isArray(message) ? message : [message];
  return messages.some((one) => {
    const meta = member(member(one, 'params'), '_meta');
    return typeof meta === 'object' && meta !== null && REVISION_META_KEY in meta;
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
