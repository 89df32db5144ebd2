#!/usr/bin/env node
// `torchlint server` speaks the Language Server Protocol; everything else is the command line.
const isServer = process.argv[2] === 'server'
if (isServer && process.argv.length === 3) process.argv.push('--stdio')
await import(isServer ? '../dist/server.js' : '../dist/cli.js')
