/** What a portal tells of itself: pipelines, owners, account, daily usage. */
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { Limits } from "./Limits.ts"
import { iso } from "./RecordView.ts"
import { flag, type Handler, limitOf, nextPage, type Parsed, typeOf } from "./Request.ts"
import type { Owner, Pipeline, Stage } from "./State.ts"
import * as Zone from "./Zone.ts"

const stamps = { archived: false, createdAt: iso(0), updatedAt: iso(0) }

const stageView = (stage: Stage) => ({ ...stage, writePermissions: "CRM_PERMISSIONS_ENFORCEMENT", ...stamps })

const pipelineView = (pipeline: Pipeline) => ({ ...pipeline, ...stamps, stages: pipeline.stages.map(stageView) })

const pipelineOf = (call: Call, request: Parsed): Pipeline => {
  const type = typeOf(request.params["objectType"])
  const found = call.hub.pipeline(type.name, request.params["pipelineId"] ?? "")
  if (found === undefined)
    throw Errors.notFound(`There is no pipeline ${request.params["pipelineId"]} of ${type.name}.`)
  return found
}

export const pipelines: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  return { status: 200, body: { results: (call.hub.pipelines.get(type.name) ?? []).map(pipelineView) } }
}

export const pipeline: Handler = (call, request) => ({ status: 200, body: pipelineView(pipelineOf(call, request)) })

export const stages: Handler = (call, request) => ({
  status: 200,
  body: { results: pipelineOf(call, request).stages.map(stageView) },
})

export const stage: Handler = (call, request) => {
  const found = pipelineOf(call, request).stages.find((one) => one.id === request.params["stageId"])
  if (found === undefined) throw Errors.notFound(`There is no stage ${request.params["stageId"]}.`)
  return { status: 200, body: stageView(found) }
}

const ownerView = (owner: Owner) => ({
  ...owner,
  type: "PERSON",
  userIdIncludingInactive: owner.userId,
  createdAt: iso(0),
  updatedAt: iso(0),
  teams: [],
})

export const owners: Handler = (call, request) => {
  const limit = limitOf(request, 100, 500)
  const { searchParams } = request.url
  const email = searchParams.get("email")?.toLowerCase()
  const after = searchParams.get("after")
  const all = call.hub.owners.filter(
    (one) => one.archived === flag(request, "archived") && (email === undefined || one.email.toLowerCase() === email),
  )
  const start =
    after === null
      ? 0
      : Math.max(
          0,
          all.findIndex((one) => one.id === after),
        )
  const next = all[start + limit]?.id
  return {
    status: 200,
    body: { results: all.slice(start, start + limit).map(ownerView), ...nextPage(request, next) },
  }
}

export const owner: Handler = (call, request) => {
  const id = request.params["ownerId"]
  const byUser = request.url.searchParams.get("idProperty") === "userId"
  const found = call.hub.owners.find((one) => (byUser ? String(one.userId) : one.id) === id)
  if (found === undefined || found.archived !== flag(request, "archived"))
    throw Errors.notFound(`There is no owner ${id}.`)
  return { status: 200, body: ownerView(found) }
}

export const account: Handler = ({ hub: { portal }, now }) => {
  const offset = Zone.offsetMillis(portal.timeZone, now)
  return {
    status: 200,
    body: {
      portalId: portal.portalId,
      accountType: portal.accountType,
      timeZone: portal.timeZone,
      utcOffset: Zone.offsetText(offset),
      utcOffsetMilliseconds: offset,
      companyCurrency: portal.companyCurrency,
      additionalCurrencies: portal.additionalCurrencies,
      uiDomain: portal.uiDomain,
      dataHostingLocation: portal.dataHostingLocation,
    },
  }
}

export const dailyUsage =
  (limits: Limits): Handler =>
  ({ hub, now }) => {
    const { resetsAt, spent } = limits.day(hub, now)
    const usage = {
      name: "private-apps-api-calls-daily",
      usageLimit: limits.dailyLimit(hub),
      currentUsage: spent,
      collectedAt: iso(now),
      fetchStatus: "SUCCESS",
      resetsAt: iso(resetsAt),
    }
    return { status: 200, body: { results: [usage] } }
  }
