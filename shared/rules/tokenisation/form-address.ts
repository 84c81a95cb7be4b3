import type { OdkSettings } from '../../model/tokenisation.ts'

/** Where a form's submissions are. */
export interface FormAddress {
  /** Of the server, without a slash at its end. */
  readonly baseUrl: string
  readonly projectId: string
  readonly formId: string
  /** The table of submissions, without a query. */
  readonly submissionsUrl: string
}

const FORM = /^(.*)\/v1\/projects\/(\d+)\/forms\/([^/]+)\.svc(?:\/(?:Submissions)?)?\/?(?:\?.*)?$/

/**
 * The address of a form, from its OData URL (`….svc`, `….svc/`, or `….svc/Submissions`, with whatever query) or from project
 * and form. Undefined where neither says which form it is.
 */
export function findFormAddress({
  baseUrl,
  odataUrl,
  projectId,
  formId,
}: Pick<OdkSettings, 'baseUrl' | 'odataUrl' | 'projectId' | 'formId'>): FormAddress | undefined {
  const base = baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')
  if (odataUrl !== '') {
    const [, server, project, form] = FORM.exec(odataUrl) ?? []
    if (server === undefined || project === undefined || form === undefined) return undefined
    return addressOf(base === '' ? server : base, project, decodeURIComponent(form))
  }
  return base === '' || projectId === '' || formId === '' ? undefined : addressOf(base, projectId, formId)
}

/** The address of a form of a server. */
export const addressOf = (baseUrl: string, projectId: string, formId: string): FormAddress => ({
  baseUrl,
  projectId,
  formId,
  submissionsUrl: `${baseUrl}/v1/projects/${projectId}/forms/${encodeURIComponent(formId)}.svc/Submissions`,
})
