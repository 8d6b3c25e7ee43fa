/** Nothing went wrong; warnings of a check; a breaking change, or an error. */
export type ExitCode = 0 | 1 | 2
