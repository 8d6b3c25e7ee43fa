/** Chromium without a window: what a page looks like, and what it complained of. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inflateSync } from "node:zlib"

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

export const chromium: string | undefined = PLACES.find((path) => existsSync(path))

/** Where everything has to be there, a browser that is missing is a failure and no skip. */
export const isRequired = process.env["MORTISE_REQUIRE_SERVICES"] === "1"

export interface Shot {
  readonly png: Buffer
  /** What the console of the page said. */
  readonly console: ReadonlyArray<string>
}

const run = (path: string, args: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const limits = { timeout: 90_000, maxBuffer: 64 * 1024 * 1024 }
    execFile(path, [...args], limits, (error, _, stderr) => (error === null ? resolve(stderr) : reject(error)))
  })

export const screenshot = async (file: string, { dark = false, height = 1600 } = {}): Promise<Shot> => {
  if (chromium === undefined) throw new Error("there is no Chromium: apt-get install chromium")
  const folder = await mkdtemp(join(tmpdir(), "browser-"))
  try {
    const shot = join(folder, "shot.png")
    const stderr = await run(chromium, [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--hide-scrollbars",
      "--enable-logging=stderr",
      `--user-data-dir=${join(folder, "profile")}`,
      `--window-size=1200,${height}`,
      ...(dark ? ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] : []),
      `--screenshot=${shot}`,
      `file://${file}`,
    ])
    return { png: await readFile(shot), console: stderr.split("\n").filter((line) => line.includes(":CONSOLE")) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Width, height, and how many different bytes the picture is made of: an empty page has very few. */
export const measured = (png: Buffer): { readonly width: number; readonly height: number; readonly bytes: number } => {
  const parts: Array<Buffer> = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    bytes: new Set(inflateSync(Buffer.concat(parts))).size,
  }
}
