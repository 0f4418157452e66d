// A Bluesky network on loopback: a PLC directory and the reference PDS of @atproto/dev-env, and
// the AppView too where POSTGRES names a database for it (postgres://…, a unix socket will do).
//
// One JSON line on stdout when it is ready: {"pds": address, "plc": address, "admin": password},
// and "appview": address. Then for every line "index" on stdin one {"indexed": number}, once the
// AppView has taken in all that was written before; or {"error": words}.
// Stops on SIGTERM, SIGINT or when stdin closes, so that it cannot outlive who started it.
// RATE_LIMITS=1 switches the PDS's real limits on.
//
// TestNetwork of dev-env would start a moderation service and ask for Redis, which no part of the
// AppView reads: its parts are put together here instead, in half the time.
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

// The PDS keeps its files in the temporary folder: give it one of its own, and remove it.
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'weaver-pds-'))
process.env.TMPDIR = scratch

// The packages listen on every interface: hold them to this machine.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  const given = typeof where === 'object' && where !== null ? where : { port: Number(where) }
  const ready = rest.filter((one) => typeof one === 'function')
  return listen.call(this, { ...given, host: '127.0.0.1' }, ...ready)
}

const { TestBsky, TestPds, TestPlc, mockNetworkUtilities } = await import('@atproto/dev-env')

async function freePort() {
  const server = net.createServer()
  await new Promise((ready) => server.listen(0, ready))
  const { port } = server.address()
  await new Promise((closed) => server.close(closed))
  return port
}

const port = await freePort()
const plc = await TestPlc.create({})
const appview = process.env.POSTGRES
  ? await TestBsky.create({
      plcUrl: plc.url,
      pdsPort: port,
      repoProvider: `ws://localhost:${port}`,
      dbPostgresUrl: process.env.POSTGRES,
      dbPostgresSchema: 'appview',
    })
  : null
const pds = await TestPds.create({
  port,
  didPlcUrl: plc.url,
  hostname: 'localhost',
  // Without it, clients stay at the address they were given: the proxy in front.
  enableDidDocWithSession: false,
  rateLimitsEnabled: process.env.RATE_LIMITS === '1',
  ...(appview && { bskyAppViewUrl: appview.url, bskyAppViewDid: appview.serverDid }),
})
mockNetworkUtilities(pds, appview ?? undefined)

let stopping = false
async function stop() {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), 5000).unref()
  for (const part of [appview, pds, plc]) {
    await part?.close().catch((error) => console.error('close:', error.message))
  }
  fs.rmSync(scratch, { recursive: true, force: true })
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)

// Until the AppView has read the PDS's latest event: it may call itself idle before it hears of it.
async function index() {
  await pds.processAll()
  const latest = (await pds.ctx.sequencer.curr()) ?? 0
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    await appview.sub.processAll()
    if (((await appview.sub.runner.getCursor()) ?? 0) >= latest) return latest
    await new Promise((soon) => setTimeout(soon, 5))
  }
  throw new Error('the AppView does not keep up')
}

const local = (port) => `http://127.0.0.1:${port}`
const admin = 'admin-pass' // dev-env's own, the same everywhere
console.log(
  JSON.stringify({
    pds: local(pds.port),
    plc: local(plc.port),
    admin,
    appview: appview ? local(appview.port) : '',
  }),
)

const lines = createInterface({ input: process.stdin })
lines.on('close', stop)
process.stdin.on('error', stop)
for await (const line of lines) {
  if (line !== 'index') continue
  const answer = await index().then(
    (indexed) => ({ indexed }),
    (error) => ({ error: error.message }),
  )
  console.log(JSON.stringify(answer))
}
