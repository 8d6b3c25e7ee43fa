/** Text inside of HTML and XML. Everything that a connector, a vendor or a rule said is text, and nothing else. */

/** Control characters that XML cannot carry at all, and lone halves of surrogate pairs, are shown as what they are not. */
const carried = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, "\ufffd")

export const escaped = (text: string): string =>
  carried(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
