/**
 * Returns the name under which Slack stores a reaction. For example, `thumbsup` and `+1` are the same emoji, stored as
 * `+1`. A skin tone is kept.
 */
export function canonicalEmoji(name: string): string {
  const [base = name, tone] = name.split('::', 2);
  const canonical = CANONICAL.get(base) ?? base;
  return tone === undefined ? canonical : `${canonical}::${tone}`;
}

/** Aliases of standard emoji; each line starts with the name that Slack uses. */
const CANONICAL: ReadonlyMap<string, string> = new Map(
  `
+1 thumbsup
-1 thumbsdown
bee honeybee
boat sailboat
book open_book
boom collision
car red_car
email envelope
exclamation heavy_exclamation_mark
facepunch punch
feet paw_prints
hand raised_hand
hankey poop shit
hocho knife
izakaya_lantern lantern
laughing satisfied
mans_shoe shoe
memo pencil
moon waxing_gibbous_moon
phone telephone
runner running
shirt tshirt
star-struck grinning_face_with_star_eyes
the_horns sign_of_the_horns
crossed_fingers hand_with_index_and_middle_fingers_crossed
middle_finger reversed_hand_with_middle_finger_extended
`
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [canonical = '', ...aliases] = line.split(' ');
      return aliases.map((alias): [string, string] => [alias, canonical]);
    }),
);
