/** Words that say nothing about the topic of a question or a passage. */
const STOP_WORDS = new Set(
  (
    'a about after all also am an and another any are as at be been before being but by can could did do does doing done each ' +
    'ever for from get gets getting give go going had has have having he help her here him his how i if in into is it ' +
    'its just let lets like make makes making me more most much must my need needs no not of off on one only or other ' +
    'our out over please possible same shall she should show so some such tell than that the their them then there ' +
    'these they this those through to too under up us use used uses using very via want wants was way ways we were ' +
    'what when where which while who whose why will with within without would you your ' +
    'add adding configure configured configuring create created creates creating define defining implement set setting ' +
    'setup put automatically difference differences between versus vs compare compared aws amazon cdk app application construct constructs work works'
  ).split(' '),
);

const WORD = /[\p{L}\p{N}]+/gu;
const CAMEL_PARTS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu;

/** The words of documentation, with identifiers also in parts: `grantRead` yields grantRead, grant and Read. */
export function wordsOfPassage(text: string): string[] {
  return (text.match(WORD) ?? []).flatMap((word) => (isIdentifier(word) ? [word, ...partsOf(word)] : [word]));
}

/** The words of a question. Only `camelCase` is taken apart: the parts of names such as CloudFront mislead. */
export function wordsOfQuestion(text: string): string[] {
  return (text.match(WORD) ?? []).flatMap((word) =>
    /^\p{Ll}/u.test(word) && isIdentifier(word) ? [word, ...partsOf(word)] : [word],
  );
}

/** The form under which a word is indexed, or undefined if it says nothing. */
export function termOf(word: string): string | undefined {
  const lower = word.toLowerCase();
  return STOP_WORDS.has(lower) ? undefined : stem(lower);
}

/** The terms of a question in their order, each once. */
export function termsOfQuestion(question: string): string[] {
  return [...new Set(wordsOfQuestion(question).flatMap((word) => termOf(word) ?? []))];
}

/** The terms of a passage. */
export function termsOfPassage(text: string): Set<string> {
  return new Set(wordsOfPassage(text).flatMap((word) => termOf(word) ?? []));
}

/**
 * Brings inflections together: rotate, rotates, rotated, rotating and rotation are one term.
 *
 * Coarser than Porter's stemmer on purpose: a term is never shown, and three letters must stay.
 */
function stem(word: string): string {
  const singular = word.replace(/ies$/, 'y').replace(/(?<=[^su])s$/, '');
  const stripped = singular.replace(/(?:ations?|ating|ated|ate|ings?|ed|ions?|e)$/, '');
  return stripped.length >= 3 ? stripped : singular;
}

const isIdentifier = (word: string) => /\p{Ll}\p{Lu}/u.test(word);
const partsOf = (word: string) => word.match(CAMEL_PARTS) ?? [];
