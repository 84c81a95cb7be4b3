/*
 * What may be written to the claims of a district: who sends what, and how offices stand. Runs inside CouchDB, in whatever old
 * JavaScript engine it has: ES5 only.
 */
function validate(newDoc, oldDoc, userCtx, secObj) {
  var LARGEST = 64000

  function refuse(reason) {
    throw { forbidden: reason }
  }

  function isText(value) {
    return typeof value === 'string' && value !== ''
  }

  function isCount(value, least) {
    return typeof value === 'number' && isFinite(value) && Math.floor(value) === value && value >= least
  }

  function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  }

  /* The order of members says nothing, and neither engine nor server keeps it. */
  function canonical(value) {
    if (value === undefined) return 'undefined'
    if (value === null || typeof value !== 'object') return JSON.stringify(value)
    if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']'
    return (
      '{' +
      Object.keys(value)
        .sort()
        .map(function (name) {
          return JSON.stringify(name) + ':' + canonical(value[name])
        })
        .join(',') +
      '}'
    )
  }

  function same(one, other) {
    return canonical(one) === canonical(other)
  }

  function isGiven(value) {
    return value !== undefined && value !== null
  }

  /* Whether everything but these members is as it was; what CouchDB itself keeps is left aside. */
  function sameBut(members, now, was) {
    return Object.keys(now)
      .concat(Object.keys(was))
      .every(function (name) {
        return name.charAt(0) === '_' || members.indexOf(name) >= 0 || same(now[name], was[name])
      })
  }

  function requireTexts(document, names) {
    names.forEach(function (name) {
      if (!isText(document[name])) refuse('field: ' + name + ' is empty')
    })
  }

  /* An office signs what it writes with its own name; an administrator of the server may mend what an office wrote. */
  function requireWriter(document) {
    if (!isText(document.by)) refuse('writer: by is empty')
    if (!isAdmin && document.by !== userCtx.name) refuse('writer: by is somebody else')
  }

  function checkBatch(now, was) {
    requireTexts(now, ['batchId', 'submissionId', 'digest', 'installationId', 'officeName'])
    if (now._id !== 'batch:' + now.batchId) refuse('id: the document is named after its batch')
    if (!/^[0-9a-f]{64}$/.test(now.digest)) refuse('field: digest is not a digest')
    if (['claimed', 'held', 'cancelled'].indexOf(now.state) < 0) refuse('field: not a state of a claim')
    if (!isCount(now.epoch, 1) || !isCount(now.generation, 1) || !isCount(now.claimedAt, 1))
      refuse('field: not a number')
    requireWriter(now)
    if (!was) {
      // A claim that a server lost is made anew under the generation that its office knows.
      if (isGiven(now.takeOver) || isGiven(now.handOver)) refuse('generation: there is nothing to take over')
      return
    }
    if (was.state === 'cancelled') refuse('cancelled: a cancelled batch stays cancelled')
    if (now.generation === was.generation) checkOwnClaim(now, was)
    else checkHandedClaim(now, was)
  }

  function checkOwnClaim(now, was) {
    if (now.installationId !== was.installationId) refuse('claimed: another office holds this batch')
    if (!isAdmin && now.by !== was.by) refuse('claimed: another office holds this batch')
    if (now.epoch < was.epoch) refuse('epoch: an older copy of this office')
    if (!same(now.takeOver, was.takeOver) || !same(now.handOver, was.handOver)) {
      refuse('generation: how the batch came here does not change')
    }
  }

  function checkHandedClaim(now, was) {
    if (now.generation !== was.generation + 1) refuse('generation: it grows by one')
    if (now.installationId === was.installationId) refuse('generation: the office holds this batch already')
    if (isGiven(now.takeOver) === isGiven(now.handOver)) refuse('generation: either taken over or handed over')
    if (isGiven(now.takeOver)) {
      if (!isObject(now.takeOver)) refuse('field: takeOver is empty')
      requireTexts(now.takeOver, ['fromInstallation', 'officerId', 'reason', 'jws'])
      if (now.takeOver.fromInstallation !== was.installationId) refuse('generation: taken over from somebody else')
    } else {
      if (!isObject(now.handOver)) refuse('field: handOver is empty')
      requireTexts(now.handOver, ['fromInstallation', 'toInstallation', 'officerId', 'jws'])
      if (now.handOver.fromInstallation !== was.installationId) refuse('generation: handed over by somebody else')
      if (now.handOver.toInstallation !== now.installationId) refuse('generation: handed over to somebody else')
    }
  }

  function checkPayment(now, was) {
    requireTexts(now, ['paymentId', 'batchId', 'installationId'])
    if (now._id !== 'payment:' + now.paymentId) refuse('id: the document is named after its payment')
    if (typeof now.released !== 'boolean' || !isCount(now.claimedAt, 1)) refuse('field: not a claim of a payment')
    requireWriter(now)
    if (!was) {
      if (now.released) refuse('released: there is nothing to release')
      return
    }
    if (was.released && !now.released) return
    // The batch was taken over: who sends it now claims its payments, so that the office before cannot release them any more.
    if (!was.released && !now.released && now.batchId === was.batchId) return
    // Released or not, it changes hands only by a new claim of what was released.
    if (now.batchId !== was.batchId) refuse('claimed: another batch pays this')
    if (now.installationId !== was.installationId || (!isAdmin && now.by !== was.by)) {
      refuse('claimed: another office wrote this claim')
    }
  }

  function isHead(value) {
    return isObject(value) && isCount(value.position, 0) && typeof value.hash === 'string'
  }

  function checkRevocation(revoked) {
    if (!isObject(revoked)) refuse('revoked: by, at and reason')
    requireTexts(revoked, ['by', 'reason'])
    if (!isCount(revoked.at, 1)) refuse('revoked: not a time')
    Object.keys(revoked).forEach(function (name) {
      if (revoked[name] === '' || revoked[name] === null) refuse('revoked: ' + name + ' is empty')
    })
  }

  function checkOffice(now, was) {
    requireTexts(now, ['installationId', 'officeName', 'by'])
    if (now._id !== 'office:' + now.installationId) refuse('id: the document is named after its installation')
    if (!isCount(now.epoch, 1) || !isCount(now.sequence, 0) || !isCount(now.reportedAt, 1))
      refuse('field: not a number')
    if (!isHead(now.auditHead)) refuse('audit: not a head')
    if (!was) {
      requireWriter(now)
      if (isGiven(now.revoked)) refuse('revoked: nobody is known here yet')
      if ((now.restores || []).length > 0) refuse('audit: nothing was reported before')
      return
    }
    if (isGiven(was.revoked)) {
      if (!same(now.revoked, was.revoked)) refuse('revoked: a revocation is not taken back')
    } else if (isGiven(now.revoked)) {
      checkRevocation(now.revoked)
      // Whoever revokes another office changes nothing else of what it told.
      if (sameBut(['revoked'], now, was)) return
    }
    requireWriter(now)
    if (!isAdmin && was.by !== userCtx.name) refuse('writer: another office wrote this')
    if (now.epoch < was.epoch) refuse('epoch: an older copy of this office')
    checkChain(now, was)
  }

  /*
   * A chain of audit entries that was cut or forked cannot name the head that stood here. After a restore that an administrator
   * confirmed, the epoch grows and what the store had told before stays on record in `restores`.
   */
  function checkChain(now, was) {
    var told = was.restores || []
    var tells = now.restores || []
    var added
    if (!Array.isArray(tells) || !same(tells.slice(0, told.length), told)) refuse('audit: restores stay on record')
    if (!same(now.previousHead, was.auditHead)) refuse('audit: not the head that stood here')
    if (now.auditHead.position === was.auditHead.position && now.auditHead.hash !== was.auditHead.hash) {
      refuse('audit: another chain than the one that was told')
    }
    if (tells.length === told.length) {
      if (now.auditHead.position < was.auditHead.position) refuse('audit: shorter than what was told')
      if (now.sequence < was.sequence) refuse('sequence: older than what was told')
      return
    }
    if (tells.length !== told.length + 1 || now.epoch === was.epoch) refuse('audit: a restore is a new epoch')
    added = tells[told.length]
    if (!isObject(added)) refuse('audit: not a restore')
    requireTexts(added, ['officerId'])
    if (added.epoch !== now.epoch || added.sequence !== was.sequence || !same(added.head, was.auditHead)) {
      refuse('audit: a restore names what was told before')
    }
  }

  function checkDistrict(now, was) {
    var takesRoot
    requireTexts(now, ['code', 'districtId'])
    if (!isCount(now.schemaVersion, 1)) refuse('field: not a version')
    if (now.trustRoot !== null && !(isObject(now.trustRoot) && isText(now.trustRoot.kty) && isText(now.trustRoot.x))) {
      refuse('field: trustRoot is not a key')
    }
    if (was) {
      if (now.districtId !== was.districtId || now.code !== was.code) refuse('district: it stays the same district')
      if (was.trustRoot !== null && !same(now.trustRoot, was.trustRoot))
        refuse('district: its trust root stays the same')
      if (now.schemaVersion < was.schemaVersion) refuse('district: set up by a newer version')
    }
    if (isAdmin) return
    takesRoot = was && was.trustRoot === null && now.trustRoot !== null && sameBut(['trustRoot'], now, was)
    if (!takesRoot) refuse('role: only administrators of the server set up a district')
  }

  var was = oldDoc && !oldDoc._deleted ? oldDoc : null
  var isAdmin = userCtx.roles.indexOf('_admin') >= 0
  var members = (secObj && secObj.members && secObj.members.roles) || []
  var isOffice = userCtx.roles.some(function (role) {
    return /^g2p-.+-office$/.test(role) && members.indexOf(role) >= 0
  })
  var type = newDoc._id === 'district' ? 'district' : newDoc._id.substring(0, newDoc._id.indexOf(':'))

  if (!isAdmin && !isOffice) refuse('role: only offices of this district write here')
  if (newDoc._id.indexOf('_design/') === 0) {
    if (!isAdmin) refuse('role: only administrators of the server change the rules')
    return
  }
  if (newDoc._deleted) {
    if (!isAdmin) refuse('deletion: claims are never deleted')
    return
  }
  if (newDoc._attachments) refuse('attachments: claims have none')
  if (JSON.stringify(newDoc).length > LARGEST) refuse('size: larger than a claim may be')
  if (newDoc.type !== type) refuse('kind: the type is not that of the id')
  if (type === 'batch') checkBatch(newDoc, was)
  else if (type === 'payment') checkPayment(newDoc, was)
  else if (type === 'office') checkOffice(newDoc, was)
  else if (type === 'district') checkDistrict(newDoc, was)
  else refuse('kind: not a kind of claim')
}
