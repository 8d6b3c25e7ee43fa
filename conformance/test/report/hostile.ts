/** A result in which everybody said the worst: names, findings, bodies and headers that try to get out of a report. */
import type { Result } from "../../src/kit/Result.ts"
import * as Transcript from "../../src/kit/Transcript.ts"
import type { JournalLine } from "../../src/twin/Journal.ts"

export const SECRET = 's3cr3t/+=&"quoted"-token-value'

export const HOSTILE = `</pre></details><script>alert(1)</script><img src=x onerror="alert(2)">]]>&amp;\u0000\u001b[31m\ud800'"`

export const line = (index: number, over: Partial<JournalLine> = {}): JournalLine => ({
  index,
  at: Date.UTC(2026, 10, 2, 9) + index * 250,
  method: "POST",
  url: `https://api.example.com/v1/records?q=${encodeURIComponent(HOSTILE.toWellFormed())}&api_key=${encodeURIComponent(SECRET)}`,
  requestHeaders: {
    "content-type": "application/json",
    authorization: `Bearer ${SECRET}`,
    "x-api-key": SECRET,
    "x-odd": HOSTILE,
    "user-agent": "node",
  },
  requestBody: JSON.stringify({ name: HOSTILE, echo: SECRET, refresh_token: "another-refresh-token" }),
  status: 200,
  responseBody: `<p>${HOSTILE} ${SECRET} Authorization: Bearer abcdefghijkl ${"x".repeat(5_000)}</p>`,
  changed: true,
  faults: ["lostReply"],
  ...over,
})

const lines = Array.from({ length: 100 }, (_, at) => line(at + 1))

const failed: Result["rules"][number] = {
  id: "I/again",
  family: "Idempotency",
  level: "MUST",
  promise: `writes ${HOSTILE}`,
  verdict: "failed",
  assertions: 3,
  hazards: [{ says: HOSTILE, times: 2 }],
  findings: [`found ${HOSTILE}`],
  transcript: Transcript.of(lines, Transcript.LONG, [SECRET]),
  seconds: 0.1,
  reproduce: `npx mortise-conformance "${HOSTILE}" --rule I/again`,
}

export const result: Result = {
  suite: { version: "0.1.0", digest: "sha256:0123456789abcdef" },
  connector: { name: `bad ${HOSTILE}`, version: "1", apiVersion: "v1" },
  claimed: "full",
  profile: "none",
  whole: false,
  absent: { lines: HOSTILE },
  quirks: [{ id: "q", says: HOSTILE, grade: "assumed", source: HOSTILE }],
  rules: [
    failed,
    { ...failed, id: "I/adopt", verdict: "vacuous", hazards: [{ says: "a tie", times: 0 }] },
    { ...failed, id: "R/cap", family: "Reading", verdict: "skipped", transcript: Transcript.empty },
    {
      ...failed,
      id: "R/pages",
      family: "Reading",
      verdict: "passed",
      findings: [],
      transcript: Transcript.of(lines, Transcript.BRIEF, [SECRET]),
    },
  ],
  sweeps: [
    {
      id: "create",
      says: HOSTILE,
      verdict: "failed",
      findings: [],
      requests: 3,
      storeWrites: 2,
      cutPoints: 40,
      faults: 30,
      crashes: 10,
      unmet: 1,
      seeds: [1, 2, 3],
      failures: [
        {
          schedule: "3:lostReply",
          seed: 2,
          problems: [HOSTILE],
          transcript: Transcript.of(lines, Transcript.LONG, [SECRET]),
          reproduce: 'npm run conformance -- --scenario create --schedule "3:lostReply"',
        },
      ],
      seconds: 1.5,
      reproduce: "npm run conformance -- --scenario create",
    },
  ],
  counts: { passed: 1, failed: 2, vacuous: 1, skipped: 1, rules: 4, assertions: 12, cutPoints: 40, seeds: 3 },
  seconds: 2.4,
  reproduce: "npm run conformance",
}
