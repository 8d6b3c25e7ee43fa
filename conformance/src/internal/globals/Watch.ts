/**
 * Sees what an adapter starts that no patch reaches: a timer by a function that was taken hold of before the patch, a
 * thread, a process, a socket, a file. Node tells of each when it is made, in the context of whoever makes it.
 */
import { type AsyncHook, createHook, type HookCallbacks } from "node:async_hooks"
import type { Finding, Storage } from "./Inside.ts"

const KINDS: Readonly<Record<string, Finding>> = {
  Timeout: {
    what: "timer",
    says: "a real timer was set, by a `setTimeout` that was taken hold of before the run; call the global one, or the clock that the factory is given",
  },
  WORKER: { what: "thread", says: "a worker thread was started: it has a clock of its own" },
  PROCESSWRAP: { what: "process", says: "a process was started: it has a clock of its own" },
  TCPWRAP: { what: "socket", says: "a socket was opened: use the fetch that the factory is given" },
  TLSWRAP: { what: "socket", says: "a socket was opened: use the fetch that the factory is given" },
  GETADDRINFOREQWRAP: { what: "socket", says: "a name was looked up: use the fetch that the factory is given" },
  FSREQPROMISE: { what: "file", says: "a file was used: the clock does not wait for it; read it before the run" },
  FSREQCALLBACK: { what: "file", says: "a file was used: the clock does not wait for it; read it before the run" },
}

export const watch = (of: Storage): AsyncHook => {
  const init: HookCallbacks["init"] = (_id, type) => {
    const finding = KINDS[type]
    if (finding !== undefined) of.getStore()?.report(finding)
  }
  // Promises are made by the thousand, and none of them is of interest here.
  return createHook({ init, trackPromises: false } as HookCallbacks)
}
