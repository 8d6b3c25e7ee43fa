/** When the day of an account ends: HubSpot sets daily counters back at midnight in the account's time zone. */

const wallClock = (zone: string, millis: number): number | undefined => {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(new Date(millis))
    const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? "0")
    return (part("hour") * 3600 + part("minute") * 60 + part("second")) * 1000
  } catch {
    return undefined
  }
}

const DAY = 86_400_000

/** The instant of the next midnight in a zone, ISO in UTC; undefined for a zone that nobody knows. */
export const next = (zone: string, millis: number): string | undefined => {
  const whole = Math.floor(millis / 1000) * 1000
  const gone = wallClock(zone, whole)
  if (gone === undefined) return undefined
  const guess = whole + DAY - gone
  // On a day of 23 or 25 hours the guess is an hour off.
  const off = wallClock(zone, guess) ?? 0
  const corrected = off === 0 ? guess : off > DAY / 2 ? guess + DAY - off : guess - off
  return new Date(corrected).toISOString()
}
