/** What `--help` prints. */

const FLAGS = `  --rule ID            Only this rule (R/cap), or a family of them (R). May be repeated, or hold several with commas.
  --scenario ID        Only the sweep of this scenario. May be repeated.
  --schedule "STEPS"   Only this schedule, of one --scenario: what a failing sweep prints.
                       "3:lostReply,5:cut-after-request" loses the reply of the third request and ends the process
                       after the fifth.
  --seeds N            So many seeded random schedules a sweep, from seed 1 on (25).
  --intercepted        Rules alone, through the global fetch, where MSW intercepts what leaves.
  --jobs N             So many processes (2).
  --json FILE          Also write all counts to this file, by connector.
  --out DIR            Write full reports there: .html to read, .json (of the published schema), .junit.xml.
  --pins FILE          Compare the number of assertions of each rule with this file.
  --pin                Write that file instead.
  --help, --version
`

export const command = `Judges an adapter: whether it writes once and only once, keeps to what it owns, reads every record, and so on, whatever
the network and the vendor do meanwhile. It runs on a twin of the vendor, in virtual time, and sends nothing anywhere.

  npx mortise-conformance ./my-adapter.ts

The file's default export, or one named \`subject\`, is the adapter on its twin, as \`TwinSubject.make\` of
@mortise/conformance makes it. It may also be a function that gives one, or a promise of one. TypeScript is fine as it is. How such a file is written
stands in docs/conformance/your-own-adapter.md of the repository.

${FLAGS}
On a sandbox of the vendor, in place of the twin:
  --live FILE          Where it is and how to sign in: { "baseUrl": "https://...", "credentials": { ... } }. A value that is
                       "$NAME" is taken from the environment. Only what can be seen from outside is tried, in real time.
  --allow-writes       Also writes there: records whose names begin with a prefix of this run, archived again afterwards.
                       Without it nothing is written. No other flag goes with --live.

Verdicts: passed; failed; vacuous, when what endangers the promise did not happen in the run, so that nothing was proven;
skipped, when the subject declares that it does not have what the rule needs, and why; lacking, when it neither has it nor
says so.

Profiles: reader, writer and full, for all of the suite; partial, when something is lacking or only a part of it was run.

Exit code 0: all kept. 1: something failed or is vacuous. 2: the command could not do what was asked.
`

export const repository = `npm run conformance -- [flags]: judges our own connectors on their twins.

  --connector NAME     Only this connector. May be repeated.
${FLAGS}`
