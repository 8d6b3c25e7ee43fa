/** A run: look up what was announced, go through the pages, take up what was parked. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ConnectorError } from "../../ConnectorError.ts"
import type * as Relay from "../../Relay.ts"
import { StateStore } from "../../StateStore.ts"
import * as PageWork from "./Page.ts"
import * as Recover from "./Recover.ts"
import * as Session from "./Session.ts"
import * as Waiting from "./Waiting.ts"
import * as Watch from "./Watch.ts"
import type { Page, Wiring } from "./Wiring.ts"

const pages = Effect.fnUntraced(function* (wiring: Wiring) {
  const store = yield* StateStore
  const cursor = yield* store.cursor(wiring.stream)
  const from = Option.match(cursor, { onNone: () => ({}), onSome: (known) => ({ cursor: known }) })
  const read: Stream.Stream<Page, ConnectorError> = wiring.source.changes({ ...wiring.reading, ...from })
  return wiring.readAhead ? Stream.buffer(read, { capacity: 1 }) : read
})

const onePage = Effect.fnUntraced(function* (wiring: Wiring, session: Session.Session, page: Page) {
  yield* Session.renew(wiring, session)
  const summary = yield* PageWork.process(wiring, { changes: page.changes, page, lease: session.lease.current })
  return { ...summary, kind: "page", caughtUp: page.caughtUp } satisfies Relay.Step
})

const inSpan = (wiring: Wiring, session: Session.Session, page: Page) =>
  onePage(wiring, session, page).pipe(Watch.span(wiring, "page", { kind: "page" }))

export const steps = (wiring: Wiring): Stream.Stream<Relay.Step, ConnectorError, StateStore> =>
  Session.within(wiring, (session) =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* Recover.recover(wiring)
        const read = yield* pages(wiring)
        return read.pipe(
          Stream.mapEffect((page) => inSpan(wiring, session, page)),
          Stream.concat(Waiting.unparkIn(wiring, session)),
        )
      }),
    ),
  ).pipe(Watch.whole(wiring, "run"))
