/**
 * How changes are found, by what a source can do. Each strategy is a function that makes the `changes` stream of a port:
 *
 * - `keyset`: the source answers in the order of its modified stamp.
 * - `window`: it filters by the stamp and answers in any order.
 * - `snapshot`: it has no stamp; every record is compared with the last crawl.
 *
 * One promise holds them together: all that lies below a cursor was delivered and can change no more without moving
 * above it. So the next lower bound is fixed before a crawl, from the source's clock less lag and overlap, and a
 * position inside a crawl is written to a cursor only when it lies below that bound.
 */
export { keyset } from "./watermark/Keyset.ts"
export type {
  CalendarSweep,
  KeysetOptions,
  Options,
  Range,
  ScanRow,
  SideTableSweep,
  SnapshotOptions,
  Sweep,
  Swept,
  WindowOptions,
} from "./watermark/Options.ts"
export {
  type Batch,
  type Content,
  deleted,
  type From,
  merged,
  type Read,
  type Reader,
  type Row,
  record,
  undecodable,
} from "./watermark/Row.ts"
export { snapshot } from "./watermark/Snapshot.ts"
export { window } from "./watermark/Window.ts"
