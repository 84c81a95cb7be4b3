'use strict'

/*
 * Loaded with `node -r` before everything else, and written in the oldest syntax that still runs: an older Node cannot even read
 * the sources, and it ends without a word when it loads the database.
 */
var major = Number(process.versions.node.split('.')[0])
if (!(major >= 24)) {
  process.stderr.write(
    'G2P Field Office needs Node.js 24 or newer; this is ' +
      process.versions.node +
      '. Run it through npm ("npm ci", then "npm start"): npm brings the right Node.js along.\n',
  )
  process.exit(1)
}
