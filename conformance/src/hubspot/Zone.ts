/** The portal's time zone: where its day ends. */

const parts = (timeZone: string, at: number): Readonly<Record<string, number>> => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  })
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
}

/** How far the zone is ahead of UTC at this moment. */
export const offsetMillis = (timeZone: string, at: number): number => {
  const { day = 1, hour = 0, minute = 0, month = 1, second = 0, year = 1970 } = parts(timeZone, at)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}

/** `+02:00`. */
export const offsetText = (millis: number): string => {
  const minutes = Math.abs(millis) / 60_000
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0")
  return `${millis < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`
}

/** The next midnight of the zone. The offset is taken at that midnight, so that a change of the clocks counts. */
export const nextMidnight = (timeZone: string, at: number): number => {
  const local = at + offsetMillis(timeZone, at)
  const midnight = (Math.floor(local / 86_400_000) + 1) * 86_400_000
  const guess = midnight - offsetMillis(timeZone, at)
  return midnight - offsetMillis(timeZone, guess)
}
