import { NameError } from './name-errors.ts';

/** Returns the form in which a name is stored: normalized, and without a leading `#` or `@`. */
export function nameIn(reference: string): string {
  return reference
    .trim()
    .replace(/^[#@:]|:$/g, '')
    .normalize('NFC')
    .toLowerCase();
}

export function isPerson(reference: string, { candidates }: NameError): NameError {
  const name = nameIn(reference);
  return new NameError(
    'channel',
    `No channel is named ${JSON.stringify(name)}; @${name} is a person.`,
    `Use "@${name}" for direct messages with them.`,
    [`@${name}`, ...candidates],
  );
}

/**
 * Waits for the id of a person that a channel argument names. The error for an unknown person also shows how to name a
 * channel.
 */
export async function orChannel(reference: string, found: Promise<string>): Promise<string> {
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof NameError) || !/^\s*@/.test(reference)) throw error;
    const nextStep = `${error.nextStep} If you mean a channel, write "#${nameIn(reference)}".`;
    throw new NameError('user', error.message, nextStep, error.candidates);
  }
}
