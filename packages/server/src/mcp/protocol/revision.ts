/**
 * The first revision without version negotiation. From revision 2026-07-28 on, every request states its own revision.
 */
const FIRST_MODERN_REVISION = '2026-07-28';
const REVISION_META_KEY = 'io.modelcontextprotocol/protocolVersion';

/** Whether a revision is 2026-07-28 or later. */
export function isModernRevision(revision: string | undefined): boolean {
  return revision !== undefined && revision.trim() >= FIRST_MODERN_REVISION;
}

/** Whether a message, or any message in a batch, claims revision 2026-07-28 or later. */
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
