/** In what way it is broken; whole unless told. */
export type Broken =
  /** Sends the key of a new record with a second request. */
  | "keyAfterwards"
  /** Never sends the key of a new record. */
  | "noKeyAtAll"
  /** Knows which record a key means from the store alone. */
  | "keysInStore"
  /** Empties with an update what it does not know. */
  | "clearsOthers"
  /** Leaves out what was deleted. */
  | "tellsNoDeletions"
  /** Asks for all fields whatever the reader wants. */
  | "asksForAll"
  /** Keeps its tokens in memory. */
  | "forgetsTokens"
  /** Writes its tokens into a span. */
  | "tracesTokens"
  /** Does not know the vendor's limit. */
  | "noLimit"
  /** Knows it, and does not hear when the vendor refuses. */
  | "deafToRefusals"
  /** Takes an allowance that is spent for a rate. */
  | "quotaIsRate"
