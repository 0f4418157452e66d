// A Bluesky network on loopback: a PLC directory and the reference PDS of @atproto/dev-env.
//
// One JSON line on stdout when it is ready: {"pds": address, "plc": address, "admin": password}.
// Stops on SIGTERM, SIGINT or when stdin closes, so that it cannot outlive who started it.
// RATE_LIMITS=1 switches the PDS's real limits on.
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

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

const { TestNetworkNoAppView } = await import('@atproto/dev-env')
const network = await TestNetworkNoAppView.create({
  pds: {
    hostname: 'localhost',
    // Without it, clients stay at the address they were given: the proxy in front.
    enableDidDocWithSession: false,
    rateLimitsEnabled: process.env.RATE_LIMITS === '1',
  },
})

let stopping = false
async function stop() {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), 5000).unref()
  await network.close().catch((error) => console.error('close:', error.message))
  fs.rmSync(scratch, { recursive: true, force: true })
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.stdin.resume()
process.stdin.on('end', stop)
process.stdin.on('error', stop)

const local = (port) => `http://127.0.0.1:${port}`
const admin = 'admin-pass' // dev-env's own, the same everywhere
console.log(JSON.stringify({ pds: local(network.pds.port), plc: local(network.plc.port), admin }))
