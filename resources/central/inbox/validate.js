/*
 * What may be written to the inbox of a district: calls that payment systems made, until their office collects them. Runs
 * inside CouchDB, in whatever old JavaScript engine it has: ES5 only.
 */
function validate(newDoc, oldDoc, userCtx, secObj) {
  // CouchDB takes documents of 8,000,000 bytes unless it is told otherwise.
  var LARGEST = 7500000

  function refuse(reason) {
    throw { forbidden: reason }
  }

  function isText(value) {
    return typeof value === 'string' && value !== ''
  }

  function hasRole(suffix) {
    var members = (secObj && secObj.members && secObj.members.roles) || []
    return userCtx.roles.some(function (role) {
      return suffix.test(role) && members.indexOf(role) >= 0
    })
  }

  function checkCall() {
    if (!isReceiver && !isAdmin) refuse('role: only the receiver puts calls here')
    if (was) refuse('append-only: a call stays as it came')
    ;['caller', 'owner', 'path', 'method'].forEach(function (name) {
      if (!isText(newDoc[name])) refuse('field: ' + name + ' is empty')
    })
    if (typeof newDoc.body !== 'string' || typeof newDoc.cameAt !== 'number') refuse('field: not a call')
    if (typeof newDoc.headers !== 'object' || newDoc.headers === null) refuse('field: not a call')
  }

  function checkRoutes() {
    if (!isOffice && !isAdmin) refuse('role: only offices tell their paths')
    if (!isText(newDoc.by)) refuse('writer: by is empty')
    if (!isAdmin && newDoc.by !== userCtx.name) refuse('writer: by is somebody else')
    if (was && !isAdmin && was.by !== userCtx.name) refuse('writer: paths of another office')
    if (!Array.isArray(newDoc.routes)) refuse('field: routes is not a list')
    newDoc.routes.forEach(function (route) {
      if (!route || !/^[0-9a-f]{64}$/.test(route.secretHash) || !isText(route.caller) || !isText(route.owner)) {
        refuse('field: not a path')
      }
    })
  }

  var was = oldDoc && !oldDoc._deleted ? oldDoc : null
  var isAdmin = userCtx.roles.indexOf('_admin') >= 0
  var isOffice = hasRole(/^g2p-.+-office$/)
  var isReceiver = hasRole(/^g2p-.+-receiver$/)
  var isCall = /^call:[^:]+:.+$/.test(newDoc._id)
  var isRoutes = /^routes:[^:]+$/.test(newDoc._id)

  if (!isAdmin && !isOffice && !isReceiver) refuse('role: only offices and the receiver of this district write here')
  if (newDoc._id.indexOf('_design/') === 0) {
    if (!isAdmin) refuse('role: only administrators of the server change the rules')
    return
  }
  if (!isCall && !isRoutes) refuse('kind: only calls and paths lie here')
  if (newDoc._deleted) {
    if (isAdmin) return
    if (!isOffice) refuse('deletion: calls are removed by the office that collected them')
    if (isRoutes && (!was || was.by !== userCtx.name)) refuse('writer: paths of another office')
    return
  }
  if (newDoc._attachments) refuse('attachments: calls have none')
  if (JSON.stringify(newDoc).length > LARGEST) refuse('size: larger than a call may be')
  if (isCall) checkCall()
  else checkRoutes()
}
