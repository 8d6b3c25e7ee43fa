/** Words of a command line, for people to copy into a shell. */

/** As it is where no shell makes anything of it. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
