/** A suffix, what replaces it, and the least measure of the stem before it. */
type Rule = readonly [suffix: string, replacement: string];

const STEP_2: readonly Rule[] = [
  ...([
    ['ational', 'ate'],
    ['tional', 'tion'],
    ['enci', 'ence'],
    ['anci', 'ance'],
    ['izer', 'ize'],
  ] as const),
  ...([
    ['abli', 'able'],
    ['alli', 'al'],
    ['entli', 'ent'],
    ['eli', 'e'],
    ['ousli', 'ous'],
  ] as const),
  ...([
    ['ization', 'ize'],
    ['ation', 'ate'],
    ['ator', 'ate'],
    ['alism', 'al'],
    ['iveness', 'ive'],
  ] as const),
  ...([
    ['fulness', 'ful'],
    ['ousness', 'ous'],
    ['aliti', 'al'],
    ['iviti', 'ive'],
    ['biliti', 'ble'],
  ] as const),
];

const STEP_3: readonly Rule[] = [
  ...([
    ['icate', 'ic'],
    ['ative', ''],
    ['alize', 'al'],
    ['iciti', 'ic'],
    ['ical', 'ic'],
    ['ful', ''],
    ['ness', ''],
  ] as const),
];

const STEP_4: readonly string[] = [
  ...['ement', 'ance', 'ence', 'able', 'ible', 'ment', 'ant', 'ent', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'],
  ...['al', 'er', 'ic', 'ou'],
];

/** Returns the stem of an English word in lower case, by the algorithm of Porter (1980). */
export function stem(word: string): string {
  if (word.length < 3) return word;
  let text = plural(word);
  text = past(text);
  if (/y$/.test(text) && hasVowel(text.slice(0, -1))) text = `${text.slice(0, -1)}i`;
  text = replaced(text, STEP_2);
  text = replaced(text, STEP_3);
  text = shortened(text);
  if (text.endsWith('e')) {
    const before = text.slice(0, -1);
    const size = measure(before);
    if (size > 1 || (size === 1 && !endsShort(before))) text = before;
  }
  return /ll$/.test(text) && measure(text) > 1 ? text.slice(0, -1) : text;
}

function plural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function past(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((ending) => word.endsWith(ending) && hasVowel(word.slice(0, -ending.length)));
  if (suffix === undefined) return word;
  const text = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(text)) return `${text}e`;
  if (/([^aeiou])\1$/.test(text) && !/[lsz]$/.test(text)) return text.slice(0, -1);
  return measure(text) === 1 && endsShort(text) ? `${text}e` : text;
}

function replaced(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const before = word.slice(0, -rule[0].length);
  return measure(before) > 0 ? before + rule[1] : word;
}

function shortened(word: string): string {
  const suffix = /[st]ion$/.test(word) ? 'ion' : STEP_4.find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const before = word.slice(0, -suffix.length);
  return measure(before) > 1 ? before : word;
}

/** The form of a word as consonants (c) and vowels (v); `y` after a consonant is a vowel. */
function formOf(word: string): string {
  let form = '';
  for (const letter of word) {
    const isVowel = 'aeiou'.includes(letter) || (letter === 'y' && form.endsWith('c'));
    form += isVowel ? 'v' : 'c';
  }
  return form;
}

/** The number of times that a consonant follows a vowel. */
function measure(word: string): number {
  return formOf(word).match(/vc/g)?.length ?? 0;
}

function hasVowel(word: string): boolean {
  return formOf(word).includes('v');
}

/** Whether a word ends with consonant, vowel and consonant, and the last is not w, x or y. */
function endsShort(word: string): boolean {
  return formOf(word).endsWith('cvc') && !/[wxy]$/.test(word);
}
