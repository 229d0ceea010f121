const MAX_LENGTH = 200;

/**
 * Returns the message of an error without the ids and numbers that differ from one event to the next, so that equal
 * errors can be grouped: `no user U012AB` becomes `no user …`.
 */
export function errorText(message: string | undefined): string {
  return (message ?? '')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Z][A-Z0-9]*\d[A-Z0-9]*\b|\d+(?:[.:]\d+)*/gi, '…')
    .slice(0, MAX_LENGTH);
}
