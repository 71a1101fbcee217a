// node bench_peers_pouch.js MODULES DATA URL CORPUS.jsonl BATCH LIMIT
// Fills a local PouchDB with the corpus and replicates it to URL; prints one line of JSON.
const [, , modules, data, url, corpus, batch, limit] = process.argv
const fs = require('fs')
const { createRequire } = require('module')
const PouchDB = createRequire(require('path').resolve(modules) + '/x.js')('pouchdb')

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6 }

async function main () {
  const docs = fs.readFileSync(corpus, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  const local = new PouchDB(data + '/local')
  for (let i = 0; i < docs.length; i += 500) await local.bulkDocs(docs.slice(i, i + 500))
  const began = Date.now()
  const worked = cpu()
  const remote = new PouchDB(url)
  let written = 0
  const sync = local.replicate.to(remote, { live: true, retry: true, batch_size: +batch })
  sync.on('change', (info) => { written = info.docs_written })
  sync.on('error', () => {})
  while (written < docs.length && Date.now() - began < limit * 1000) await wait(20)
  const told = { seconds: (Date.now() - began) / 1000, cpu: cpu() - worked, done: written }
  console.log(JSON.stringify({ ...told, is_done: written >= docs.length }))
  process.exit(0)
}

main().catch((error) => { console.error(error); process.exit(1) })
