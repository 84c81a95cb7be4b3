/*
 * What may be written to the records of a district. Runs inside CouchDB, in whatever old JavaScript engine it has: ES5 only.
 * The office checks everything itself; this stands for the day when an office is wrong.
 */
function validate(newDoc, oldDoc, userCtx, secObj) {
  var SMALL = 256000
  // CouchDB takes documents of 8,000,000 bytes unless it is told otherwise.
  var LARGE = 7500000
  var APPEND_ONLY = {
    submission: LARGE,
    decision: SMALL,
    transmission: LARGE,
    delivery: SMALL,
    observation: SMALL,
    collection: SMALL,
    conformanceReport: SMALL,
    fileDeed: SMALL,
    resendApproval: SMALL,
    conflictSettlement: SMALL,
  }
  var CHANGING = {
    registrant: SMALL,
    identityNumber: SMALL,
    membership: SMALL,
    programme: SMALL,
    enrolment: SMALL,
    cycle: LARGE,
    entitlement: SMALL,
    payment: SMALL,
    batch: LARGE,
    officer: SMALL,
    paymentManager: LARGE,
    connector: SMALL,
    signInProvider: SMALL,
    consent: SMALL,
    evidence: SMALL,
    conflict: LARGE,
  }
  var BEFORE = 'prepared blocked queued sent acknowledged unknown paid rejected reversed cancelled review'
  var AFTER = 'acknowledged unknown paid rejected reversed review'
  var FINAL = 'paid rejected reversed review'
  /*
   * Where a payment may stand when it is written next. An office tells where it stands now and may have gone several steps
   * while it was offline, so this is everything that can be reached. What was cancelled in one office may have left in another.
   */
  var NEXT = {
    prepared: BEFORE,
    blocked: BEFORE,
    queued: BEFORE,
    sent: BEFORE,
    acknowledged: AFTER,
    unknown: AFTER,
    review: FINAL,
    paid: FINAL,
    rejected: FINAL,
    reversed: FINAL,
    cancelled: 'cancelled sent ' + AFTER,
  }
  // Only a review that ended with evidence of officers leads from one to the other, and evidence leaves no reason code.
  var BY_EVIDENCE = { 'paid>rejected': 1, 'reversed>rejected': 1, 'review>rejected': 1 }
  var LEFT = { sent: 1, acknowledged: 1, unknown: 1, paid: 1, rejected: 1, reversed: 1, review: 1 }

  function refuse(reason) {
    throw { forbidden: reason }
  }

  function has(list, wanted) {
    return Object.prototype.hasOwnProperty.call(list, wanted)
  }

  function isAmong(words, word) {
    return (' ' + words + ' ').indexOf(' ' + word + ' ') >= 0
  }

  function isText(value) {
    return typeof value === 'string' && value !== ''
  }

  function isCount(value) {
    return (
      typeof value === 'number' &&
      isFinite(value) &&
      value >= 0 &&
      Math.floor(value) === value &&
      value <= 9007199254740991
    )
  }

  function same(one, other) {
    return canonical(one) === canonical(other)
  }

  /* The order of members says nothing, and neither engine nor server keeps it. */
  function canonical(value) {
    var parts
    if (value === undefined) return 'undefined'
    if (value === null || typeof value !== 'object') return JSON.stringify(value)
    if (Array.isArray(value)) {
      parts = value.map(canonical)
      return '[' + parts.join(',') + ']'
    }
    parts = Object.keys(value)
      .sort()
      .map(function (name) {
        return JSON.stringify(name) + ':' + canonical(value[name])
      })
    return '{' + parts.join(',') + '}'
  }

  function mayWrite() {
    var named = (secObj && secObj.members && secObj.members.roles) || []
    return userCtx.roles.some(function (role) {
      return /^g2p-.+-office$/.test(role) && named.indexOf(role) >= 0
    })
  }

  function checkPayment(now, before) {
    if (!has(NEXT, now.state)) refuse('payment-state: not a state of a payment')
    if (!isCount(now.amount) || !/^[A-Z]{3}$/.test(now.currency)) refuse('payment-amount: not money')
    if (!isText(now.entitlementId) || !isCount(now.attempt) || now.attempt < 1)
      refuse('payment-attempt: not an attempt')
    if (!before) return
    if (now.entitlementId !== before.entitlementId || now.attempt !== before.attempt) {
      refuse('payment-attempt: a payment stays that of its entitlement and attempt')
    }
    if (!isAmong(NEXT[before.state], now.state)) {
      refuse('payment-state: a payment that is ' + before.state + ' does not become ' + now.state)
    }
    if (has(BY_EVIDENCE, before.state + '>' + now.state) && now.reasonCode !== '') {
      refuse('payment-state: from ' + before.state + ' to rejected by evidence of officers only')
    }
    if (!has(LEFT, before.state)) return
    if (now.amount !== before.amount || now.currency !== before.currency) {
      refuse('payment-amount: the amount of a payment that left does not change')
    }
    // Of somebody who was erased the address goes, and never comes back.
    if (isText(before.erasedAt) && before.payeeAddress === '' && now.payeeAddress !== '') {
      refuse('erased: the payee of this payment was erased')
    }
    if (isText(now.erasedAt) && now.payeeAddress === '' && now.batchId === before.batchId) return
    if (has(LEFT, now.state) && (now.payeeAddress !== before.payeeAddress || now.batchId !== before.batchId)) {
      refuse('payment-payee: payee address and batch of a payment that left do not change')
    }
  }

  /* Who put there what decides how much is paid, or to which address, stays its maker. */
  function checkMakers(now, before) {
    if (now.makers !== undefined && !Array.isArray(now.makers)) refuse('makers: not a list')
    if (!before || !Array.isArray(before.makers)) return
    before.makers.forEach(function (maker) {
      if (!now.makers || now.makers.indexOf(maker) < 0) refuse('makers: who made something in it stays its maker')
    })
  }

  /* What was erased stays so: whoever is entered anew knows of it. */
  function checkErased(now, before) {
    if (now.erasedAt !== undefined && !isText(now.erasedAt)) refuse('erased: not a moment')
    if (before && isText(before.erasedAt) && !(isText(now.erasedAt) && now.erasedAt >= before.erasedAt)) {
      refuse('erased: this record does not know that somebody was erased from it')
    }
  }

  /* The upkeep of the centre takes people who were erased out of what is written once, and nothing else. */
  function isErasedForm(now, before) {
    var gone = {
      transmission: 'body headers message',
      delivery: 'text',
      observation: 'text payeeAddress',
      collection: 'deputyName deputyRelation witness note',
      submission: 'lines',
    }
    if (!isAdmin || !has(gone, kind)) return false
    if (kind === 'submission' && lines) return areErasedLines(now.lines, before.lines)
    if (!isText(now.erasedAt)) return false
    return Object.keys(now)
      .concat(Object.keys(before))
      .every(function (name) {
        return (
          name.charAt(0) === '_' || name === 'erasedAt' || isAmong(gone[kind], name) || same(now[name], before[name])
        )
      })
  }

  function areErasedLines(now, before) {
    if (!Array.isArray(now) || !Array.isArray(before) || now.length !== before.length) return false
    return now.every(function (line, at) {
      var old = before[at]
      if (same(line, old)) return true
      return (
        line.payeeName === '' &&
        line.mapped === undefined &&
        Object.keys(old)
          .concat(Object.keys(line))
          .every(function (name) {
            return isAmong('payeeName payeeAddress mapped', name) || same(line[name], old[name])
          })
      )
    })
  }

  /* An older record of an officer, a manager, a connector or a provider has as good a signature as the newer one. */
  function checkEdition(now, before) {
    if (now.edition !== undefined && (!isCount(now.edition) || now.edition < 1))
      refuse('edition: not a count of signings')
    if (before && (now.edition || 0) < (before.edition || 0)) refuse('edition: a newer one was signed')
  }

  function checkBatch(now, before) {
    if (!Array.isArray(now.makers)) refuse('batch-makers: not a list')
    if (!isCount(now.submissionNumber) || typeof now.cancelledReason !== 'string') refuse('batch: not a batch')
    if (!before) return
    if (before.cancelledReason !== '' && now.cancelledReason === '') refuse('batch-cancelled: cancelled is final')
    if (now.submissionNumber < before.submissionNumber) refuse('batch-submission: submissions are not taken back')
    before.makers.forEach(function (maker) {
      if (now.makers.indexOf(maker) < 0) refuse('batch-makers: who made something in it stays its maker')
    })
  }

  /* Officers confirm it once; what they confirmed does not change. */
  function checkEvidence(now, before) {
    if (!before) return
    if (before.confirmedBy !== null && before.confirmedBy !== undefined)
      refuse('append-only: this evidence is confirmed')
    Object.keys(now)
      .concat(Object.keys(before))
      .forEach(function (name) {
        if (name.charAt(0) === '_' || isAmong('confirmedBy confirmedAt changedAt changedBy', name)) return
        if (!same(now[name], before[name])) refuse('append-only: evidence is confirmed as it was recorded')
      })
  }

  /* Both versions stay as they were found; where somebody was erased, or a number was given up, all of them go at once. */
  function checkConflict(now, before) {
    var gone = now.base === null && now.earlier === null && now.later === null
    if (!before) return
    Object.keys(now)
      .concat(Object.keys(before))
      .forEach(function (name) {
        if (name.charAt(0) === '_' || (gone && isAmong('base earlier later', name))) return
        if (!same(now[name], before[name])) refuse('append-only: a conflict stays as it was found')
      })
  }

  /*
   * An office that was put back knows from its journal what left, without the bytes. The original comes in its place, and
   * nothing else does.
   */
  function isOriginalOf(now, before) {
    if (before.body !== '' || !isText(now.body)) return false
    return Object.keys(now)
      .concat(Object.keys(before))
      .every(function (name) {
        if (name.charAt(0) === '_') return true
        if (isAmong('body headers message validUntil changedAt changedBy', name)) return true
        return same(now[name], before[name])
      })
  }

  function checkSubmissionLines(now) {
    if (!Array.isArray(now.lines) || now.lines.length < 1 || now.lines.length > 1000) {
      refuse('submission-lines: 1 to 1,000 lines in a document')
    }
  }

  var before = oldDoc && !oldDoc._deleted ? oldDoc : null
  var isAdmin = userCtx.roles.indexOf('_admin') >= 0
  var at = newDoc._id.indexOf(':')
  var kind = newDoc._id.substring(0, at)
  var id = newDoc._id.substring(at + 1)
  var largest
  var lines

  if (!isAdmin && !mayWrite()) refuse('role: only offices of this district write here')
  if (newDoc._id.indexOf('_design/') === 0) {
    if (!isAdmin) refuse('role: only administrators of the server change the rules')
    return
  }
  if (newDoc._deleted) {
    if (!isAdmin) refuse('deletion: records are marked as removed, never deleted')
    return
  }
  largest = has(APPEND_ONLY, kind) ? APPEND_ONLY[kind] : has(CHANGING, kind) ? CHANGING[kind] : 0
  if (at < 1 || largest === 0) refuse('kind: not a kind of record')
  if (newDoc._attachments) refuse('attachments: records have none')
  if (JSON.stringify(newDoc).length > largest) refuse('size: larger than a record may be')
  lines = kind === 'submission' && /^[^:]{1,64}:lines:\d{1,6}$/.test(id)
  if (before && has(APPEND_ONLY, kind) && !isErasedForm(newDoc, before)) {
    if (!(kind === 'transmission' && isOriginalOf(newDoc, before) && !isText(before.erasedAt)))
      refuse('append-only: a ' + kind + ' is written once')
  }

  if (lines) {
    checkSubmissionLines(newDoc)
    return
  }
  if (kind === 'resendApproval') {
    if (!/^[^:]{1,64}:[0-9.]{1,40}:\d{1,6}$/.test(id)) refuse('id: not the id of its kind')
    return
  }
  if (!/^[^:]{1,64}$/.test(id) || newDoc.id !== id) refuse('id: the document is named after its record')
  if (!isAmong('evidence conflict', kind) || newDoc.changedAt !== undefined) {
    if (!/^[0-9a-z]{9}-[0-9a-z]{4}-[0-9a-z]{1,12}$/.test(newDoc.changedAt)) refuse('moment: changedAt is not a moment')
    if (!isText(newDoc.changedBy)) refuse('moment: changedBy is empty')
  }
  if (!has(APPEND_ONLY, kind)) checkErased(newDoc, before)
  if (kind === 'payment') checkPayment(newDoc, before)
  else if (kind === 'batch') checkBatch(newDoc, before)
  else if (kind === 'evidence') checkEvidence(newDoc, before)
  else if (kind === 'conflict') checkConflict(newDoc, before)
  else if (isAmong('officer paymentManager connector signInProvider', kind)) checkEdition(newDoc, before)
  else if (isAmong('registrant identityNumber entitlement', kind)) checkMakers(newDoc, before)
}
