#!/usr/bin/env node
// `torchlint server` speaks the Language Server Protocol; everything else, its --help too, is the command line.
const [name, transport = '--stdio'] = process.argv.slice(2)
const isServer = name === 'server' && /^--(stdio|node-ipc|socket|pipe)/.test(transport)
if (isServer && process.argv.length === 3) process.argv.push('--stdio')
await import(isServer ? '../dist/server.js' : '../dist/cli.js')
