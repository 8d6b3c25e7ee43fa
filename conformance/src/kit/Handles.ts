/** What keeps a process alive, counted: an adapter that is closed has to have let go of it. */

/** What the event loop itself makes and drops, and what belongs to whoever started the process. */
const OF_THE_LOOP = new Set(["Immediate", "TickObject", "CloseReq", "TTYWrap", "FSReqCallback", "FSReqPromise"])

const WORDS: Readonly<Record<string, string>> = {
  Timeout: "timer",
  TCPServerWrap: "listening socket",
  TCPSocketWrap: "socket",
  FSEventWrap: "file watcher",
  ProcessWrap: "child process",
  MessagePort: "worker",
  UDPWrap: "UDP socket",
}

export type Handles = ReadonlyMap<string, number>

export const open = (): Handles => {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (!OF_THE_LOOP.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

const more = (before: Handles): ReadonlyArray<string> =>
  [...open()].flatMap(([kind, count]) => {
    const left = count - (before.get(kind) ?? 0)
    return left > 0 ? [`${left} ${WORDS[kind] ?? kind}${left > 1 ? "s" : ""}`] : []
  })

/** Sockets take a few turns of the event loop to close. */
const TURNS = 20

/** What is open and was not before, in words; waits a moment for what is closing. */
export const left = async (before: Handles): Promise<ReadonlyArray<string>> => {
  for (let turn = 0; turn < TURNS && more(before).length > 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  return more(before)
}
